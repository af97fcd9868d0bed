# Writes multilevel.csv beside this script. Run: Rscript multilevel.R (in this folder).
#
# lme4's optimisers stop short of the seventh digit, so its solutions are polished with Newton
# steps on its own deviance function. What no package has (weights of both levels, standard
# errors of variances, population averages) is written out here: dense matrices and a quadrature
# in plain R, summits by Newton with numDeriv.
suppressPackageStartupMessages({
  library(lme4); library(glmmTMB); library(clubSandwich); library(numDeriv); library(statmod)
  library(survey)
})
options(digits = 17, survey.lonely.psu = "fail")
firms <- read.csv("multilevel_firms.csv", stringsAsFactors = FALSE)
firms$weight <- firms$within * firms$region_weight
cbpp <- read.csv("multilevel_cbpp.csv")
cbpp <- cbpp[rep(seq_len(nrow(cbpp)), cbpp$size), ]
cbpp$ill <- unlist(lapply(split(cbpp, factor(paste(cbpp$herd, cbpp$period),
  levels = unique(paste(cbpp$herd, cbpp$period)))),
  function(part) as.integer(seq_len(nrow(part)) <= part$incidence[1])))
cbpp$period <- factor(cbpp$period); cbpp$herd <- factor(cbpp$herd)
sleep <- read.csv("multilevel_sleepstudy.csv"); sleep$Subject <- factor(sleep$Subject)

written <- list()
keep <- function(case, term, estimate, std_error = NA)
  written[[length(written) + 1]] <<- data.frame(
    case = case, term = term, estimate = unname(estimate), std_error = unname(std_error))

newton <- function(f, start, steps = 8) {
  for (i in seq_len(steps)) {
    step <- solve(hessian(f, start), grad(f, start))
    start <- start - step
    if (max(abs(step)) < 1e-9) break
  }
  start
}

# ---- lme4, polished ----------------------------------------------------------------------------
polished <- function(formula, data, REML) {
  parsed <- lFormula(formula, data, REML = REML)
  deviance <- do.call(mkLmerDevfun, parsed)
  first <- optimizeLmer(deviance)
  theta <- newton(deviance, first$par)
  deviance(theta)
  mkMerMod(environment(deviance), list(par = theta, fval = deviance(theta), conv = 0),
           parsed$reTrms, fr = parsed$fr)
}
right <- growth ~ size * universities + exporter
keep_lmer <- function(case, fit) {
  keep(case, names(fixef(fit)), fixef(fit), sqrt(diag(as.matrix(vcov(fit)))))
  components <- as.data.frame(VarCorr(fit))
  keep(case, ifelse(is.na(components$var2),
                    paste("variance", components$var1), paste("covariance", components$var2)),
       components$vcov)
  keep(case, "log_likelihood", as.numeric(logLik(fit)))
  effects <- ranef(fit, condVar = TRUE)[[1]]
  spread <- attr(effects, "postVar")
  for (j in seq_len(ncol(effects)))
    keep(case, paste0("effect ", j, " ", rownames(effects)), effects[[j]], sqrt(spread[j, j, ]))
}
for (REML in c(TRUE, FALSE)) {
  method <- if (REML) "reml" else "ml"
  keep_lmer(paste0("sleep_", method), polished(Reaction ~ Days + (Days | Subject), sleep, REML))
  for (q in 1:2) {
    random <- if (q == 1) . ~ . + (1 | region) else . ~ . + (size | region)
    fit <- polished(update(right, random), firms, REML)
    case <- paste0("linear_", method, "_", q)
    keep_lmer(case, fit)
    # clubSandwich needs the call of lmer; its parameters are put at the polished ones.
    called <- eval(bquote(lmer(.(update(right, random)), firms, REML = .(REML),
      start = .(unname(getME(fit, "theta"))), control = lmerControl(optimizer = NULL))))
    robust <- vcovCR(called, cluster = firms$region, type = "CR0")
    keep(paste0("cluster_", case), names(fixef(called)), fixef(called), sqrt(diag(robust)))
  }
}

# ---- standard errors of variances: dense matrices ----------------------------------------------
X <- model.matrix(right, firms); y <- firms$growth
by_region <- split(seq_along(y), firms$region)
triangle <- function(p, q) {L <- matrix(0, q, q); L[lower.tri(L, TRUE)] <- p; L}
covariances <- function(p, q, w) {
  L <- triangle(p[seq_len(q * (q + 1) / 2)], q)
  R <- X[, c("(Intercept)", "size")[seq_len(q)], drop = FALSE]
  lapply(by_region, function(i) R[i, , drop = FALSE] %*% L %*% t(L) %*% t(R[i, , drop = FALSE]) +
           diag(exp(2 * p[length(p)]) / w[i], length(i)))
}
# Of variances alone, coefficients maximised out. A density to the power w is a normal density
# with variance over w, times what does not depend on coefficients.
profile <- function(p, q, REML, w = rep(1, length(y)), W = rep(1, length(by_region)), all = FALSE) {
  V <- covariances(p, q, w); inverse <- lapply(V, solve)
  information <- Reduce(`+`, Map(function(i, v, u) u * t(X[i, ]) %*% v %*% X[i, ], by_region, inverse, W))
  b <- solve(information, Reduce(`+`, Map(function(i, v, u) u * t(X[i, ]) %*% v %*% y[i], by_region, inverse, W)))
  heights <- mapply(function(i, v, inside) {
    e <- y[i] - X[i, ] %*% b
    -(length(i) * log(2 * pi) + determinant(v)$modulus + t(e) %*% inside %*% e) / 2 -
      sum(log(w[i])) / 2 + sum(1 - w[i]) * (log(2 * pi) + 2 * p[length(p)]) / 2
  }, by_region, V, inverse)
  height <- sum(W * heights)
  if (REML) height <- height + ncol(X) / 2 * log(2 * pi) - determinant(information)$modulus / 2
  if (!all) return(as.numeric(height))
  list(b = drop(b), bread = solve(information), inverse = inverse, heights = heights)
}
natural <- function(p, q) {
  G <- tcrossprod(triangle(p[seq_len(q * (q + 1) / 2)], q)); s2 <- exp(2 * p[length(p)])
  if (q == 1) return(c(region_variance = G[1], residual_variance = s2, icc = G[1] / (G[1] + s2)))
  c("region_variance|(Intercept)" = G[1, 1], "region_variance|size" = G[2, 2],
    "region_covariance|(Intercept)|size" = G[1, 2],
    "region_correlation|(Intercept)|size" = G[1, 2] / sqrt(G[1, 1] * G[2, 2]),
    residual_variance = s2,
    icc = {v <- mean(G[1, 1] + 2 * X[, "size"] * G[1, 2] + X[, "size"]^2 * G[2, 2]); v / (v + s2)})
}
keep_natural <- function(case, p, q, covariance, f = natural) {
  J <- jacobian(f, p, q = q)
  keep(case, names(f(p, q)), f(p, q), sqrt(diag(J %*% covariance %*% t(J))))
}
for (q in 1:2) for (REML in c(TRUE, FALSE)) {
  f <- function(p) profile(p, q, REML)
  p <- newton(f, if (q == 1) c(0.9, 0.2) else c(0.9, 0.2, 0.6, 0.2))
  keep_natural(paste0("variances_", if (REML) "reml" else "ml", "_", q), p, q, solve(-hessian(f, p)))
}

# ---- weights of both levels, linear -------------------------------------------------------------
first <- vapply(by_region, `[`, 1, 1)
scaled <- function(method) {
  factor <- ave(firms$within, firms$region, FUN = function(w)
    switch(method, size = length(w) / sum(w), effective = sum(w) / sum(w^2), none = 1))
  firms$within * factor
}
# Scale of the region's weights as where firms' weights have mean one: it leaves everything else.
region_weight <- firms$region_weight[first] / mean(firms$weight)
sampled <- svydesign(ids = ~region, strata = ~stratum, weights = ~1, data = firms[first, ])
designed <- function(influence) {
  svyrecvar(as.matrix(influence * region_weight), sampled$cluster, sampled$strata, sampled$fpc)
}
clustered <- function(influence, k) {
  sums <- influence * region_weight
  G <- nrow(influence); n <- nrow(firms)
  G / (G - 1) * (n - 1) / (n - k) * crossprod(sums)
}
for (method in c("size", "effective", "none")) for (q in 1:2) {
  w <- scaled(method)
  f <- function(p) profile(p, q, FALSE, w, region_weight)
  p <- newton(f, if (q == 1) c(0.9, 0.2) else c(0.9, 0.2, 0.6, 0.2))
  at <- profile(p, q, FALSE, w, region_weight, all = TRUE)
  of_b <- t(mapply(function(i, v) t(X[i, ]) %*% v %*% (y[i] - X[i, ] %*% at$b), by_region, at$inverse))
  one <- function(p) {
    V <- covariances(p, q, w)
    mapply(function(i, v) {
      e <- y[i] - X[i, ] %*% at$b
      -(determinant(v)$modulus + t(e) %*% solve(v, e)) / 2 + sum(1 - w[i]) * p[length(p)]
    }, by_region, V)
  }
  influence <- cbind(of_b %*% at$bread, jacobian(one, p) %*% solve(-hessian(f, p)))
  k <- ncol(X); spread <- designed(influence)
  case <- paste0("weighted_linear_", method, "_", q)
  keep(case, colnames(X), at$b, sqrt(diag(spread))[1:k])
  keep_natural(case, p, q, spread[-(1:k), -(1:k)])
  keep(paste0("cluster_", case), colnames(X), at$b,
       sqrt(diag(clustered(influence, ncol(influence))))[1:k])
}

# ---- logit: packages ----------------------------------------------------------------------------
fine <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5),
                     tolPwrss = 1e-13, calc.derivs = TRUE)
right_logit <- product ~ size * universities + exporter
for (points in c(7, 25)) {
  fit <- glmer(ill ~ period + (1 | herd), cbpp, binomial, nAGQ = points, control = fine)
  case <- paste0("cbpp_", points)
  keep(case, names(fixef(fit)), fixef(fit)); keep(case, "region_sd", getME(fit, "theta"))
  effects <- ranef(fit, condVar = TRUE)[[1]]
  keep(case, paste("effect 1", rownames(effects)), effects[[1]], sqrt(attr(effects, "postVar")[1, 1, ]))
}
for (q in 1:2) {
  random <- if (q == 1) . ~ . + (1 | region) else . ~ . + (size | region)
  fit <- glmmTMB(update(right_logit, random), firms, binomial,
                 control = glmmTMBControl(optCtrl = list(rel.tol = 1e-15, x.tol = 1e-15)))
  case <- paste0("laplace_", q)
  keep(case, names(fixef(fit)$cond), fixef(fit)$cond, sqrt(diag(vcov(fit)$cond)))
  G <- VarCorr(fit)$cond$region
  keep(case, paste("variance", colnames(G)), diag(G))
  keep(case, "log_likelihood", as.numeric(logLik(fit)))
}

# ---- logit: quadrature in plain R ---------------------------------------------------------------
Z <- model.matrix(right_logit, firms); chosen <- firms$product; k <- ncol(Z)
grid_of <- function(points, q) {
  rule <- gauss.quad.prob(points, "normal")
  list(x = as.matrix(expand.grid(rep(list(rule$nodes), q))),
       w = apply(expand.grid(rep(list(rule$weights), q)), 1, prod))
}
height_of_region <- function(b, L, i, rule, w) {
  R <- Z[i, c("(Intercept)", "size")[seq_len(ncol(L))], drop = FALSE] %*% L
  fixed <- drop(Z[i, , drop = FALSE] %*% b); v <- rep(0, ncol(L))
  for (step in 1:40) {
    mean <- plogis(fixed + drop(R %*% v))
    H <- diag(ncol(L)) + crossprod(R, w[i] * mean * (1 - mean) * R)
    step <- drop(solve(H, crossprod(R, w[i] * (chosen[i] - mean)) - v))
    v <- v + step
    if (max(abs(step)) < 1e-13) break
  }
  mean <- plogis(fixed + drop(R %*% v))
  H <- diag(ncol(L)) + crossprod(R, w[i] * mean * (1 - mean) * R)
  C <- t(solve(t(chol(H))))
  at <- t(v + C %*% t(rule$x))
  eta <- fixed + R %*% t(at)
  inside <- colSums(w[i] * plogis((2 * chosen[i] - 1) * eta, log.p = TRUE)) - rowSums(at^2) / 2
  terms <- inside + rowSums(rule$x^2) / 2
  top <- max(terms)
  log(sum(rule$w * exp(terms - top))) + top + determinant(C)$modulus
}
heights <- function(p, q, rule, w) {
  L <- triangle(p[-(1:k)], q)
  vapply(by_region, function(i) height_of_region(p[1:k], L, i, rule, w), 1)
}
natural_logit <- function(p, q) {
  G <- tcrossprod(triangle(p[-(1:k)], q))
  if (q == 1) return(c(region_variance = G[1], icc = G[1] / (G[1] + pi^2 / 3),
                       median_odds_ratio = exp(sqrt(2 * G[1]) * qnorm(0.75))))
  c("region_variance|(Intercept)" = G[1, 1], "region_variance|size" = G[2, 2],
    "region_covariance|(Intercept)|size" = G[1, 2])
}
# Average effect of size on the probability over all regions, by difference; integrated by
# integrate() where the spread of a firm's random part is known.
averaged <- function(p, q, w) {
  G <- tcrossprod(triangle(p[-(1:k)], q))
  at <- function(shift) {
    moved <- firms; moved$size <- firms$size + shift
    M <- model.matrix(update(right_logit, NULL ~ .), moved)
    R <- M[, c("(Intercept)", "size")[seq_len(q)], drop = FALSE]
    mu <- drop(M %*% p[1:k]); s <- sqrt(rowSums((R %*% G) * R))
    z <- seq(-9, 9, by = 0.05); d <- dnorm(z) / sum(dnorm(z))
    sum(w * (plogis(outer(s, z) + mu) %*% d)) / sum(w)
  }
  c(size = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3)
}
start <- c(fixef(fit)$cond)
logit_case <- function(case, q, points, w, W, covariance) {
  rule <- grid_of(points, q)
  f <- function(p) sum(W * heights(p, q, rule, w))
  p <- newton(f, c(start, if (q == 1) 0.8 else c(0.8, 0.1, 0.5)), steps = 6)
  spread <- covariance(solve(-hessian(f, p)), function() jacobian(heights, p, q = q, rule = rule, w = w))
  keep(case, colnames(Z), p[1:k], sqrt(diag(spread))[1:k])
  keep_natural(case, p, q, spread, natural_logit)
  keep(case, "log_likelihood", f(p))
  g <- grad(averaged, p, q = q, w = firms$weight^(!all(w == 1)))
  keep(case, "averaged size", averaged(p, q, firms$weight^(!all(w == 1))),
       sqrt(drop(g %*% spread %*% g)))
}
ones <- rep(1, nrow(firms)); alike <- rep(1, length(by_region))
of_model <- function(bread, scores) bread
logit_case("logit_1_7", 1, 7, ones, alike, of_model)
logit_case("logit_2_5", 2, 5, ones, alike, of_model)
logit_case("cluster_logit_1_7", 1, 7, ones, alike, function(bread, scores) {
  influence <- scores() %*% bread; G <- nrow(influence); n <- nrow(firms)
  G / (G - 1) * (n - 1) / (n - ncol(bread)) * crossprod(influence)
})
for (method in c("size", "effective"))
  logit_case(paste0("weighted_logit_", method, "_1_7"), 1, 7, scaled(method), region_weight,
             function(bread, scores) designed(scores() %*% bread))

header <- sprintf("# %s; lme4 %s; glmmTMB %s; clubSandwich %s; survey %s; numDeriv %s; multilevel.R",
  R.version.string, packageVersion("lme4"), packageVersion("glmmTMB"),
  packageVersion("clubSandwich"), packageVersion("survey"), packageVersion("numDeriv"))
table <- do.call(rbind, written)
table$estimate <- sprintf("%.17g", table$estimate); table$std_error <- sprintf("%.17g", table$std_error)
writeLines(header, "multilevel.csv")
suppressWarnings(write.table(table, "multilevel.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = c(1, 2)))
