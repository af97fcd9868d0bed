# Writes instrumental.csv beside this script. Run: Rscript instrumental.R (in this folder).
#
# Two-stage least squares by AER, survey, estimatr and systemfit; tests by AER or written out by
# their formulas; control functions by glm and lm, with the equations of both steps stacked and
# differentiated by numDeriv.
suppressPackageStartupMessages({
  library(AER); library(sandwich); library(survey); library(estimatr); library(systemfit)
  library(numDeriv)
})
options(digits = 17)
d <- read.csv("instrumental_workers.csv")
d$experience2 <- d$experience^2
n <- nrow(d)
written <- list()
keep <- function(case, what, term, estimate, second = NA, df = NA)
  written[[length(written) + 1]] <<- data.frame(
    case = case, what = what, term = term, estimate = unname(estimate),
    second = unname(second), df = df)
keep_fit <- function(case, fit, covariance, df = NA)
  keep(case, "coefficient", names(coef(fit)), coef(fit), sqrt(diag(covariance)), df)

one <- wage ~ experience + experience2 + south + schooling |
  experience + experience2 + south + near_four + near_two + father
two <- wage ~ experience + experience2 + south + schooling + training |
  experience + experience2 + south + near_four + near_two + father + subsidy
just <- wage ~ experience + experience2 + south + schooling |
  experience + experience2 + south + near_four
models <- list(one = one, two = two, just = just)

# --- Two-stage least squares ---
designs <- list(
  weights = svydesign(ids = ~1, weights = ~weight, data = d),
  clusters = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d),
  clusters_population = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight,
                                  fpc = ~clusters_on_frame, data = d))
for (name in names(models)) {
  free <- ivreg(models[[name]], data = d)
  keep_fit(paste0(name, ":model"), free, vcov(free))
  keep_fit(paste0(name, ":HC0"), free, vcovHC(free, type = "HC0"))
  keep_fit(paste0(name, ":HC1"), free, vcovHC(free, type = "HC1"))
  keep_fit(paste0(name, ":cluster"), free, vcovCL(free, cluster = d$cluster, type = "HC1"))
  weighted <- ivreg(models[[name]], data = d, weights = weight)
  keep_fit(paste0(name, ":HC1_weighted"), weighted, vcovHC(weighted, type = "HC1"))
  other <- iv_robust(models[[name]], data = d, clusters = cluster, se_type = "stata")
  keep(paste0(name, ":estimatr"), "coefficient", names(coef(other)), coef(other), other$std.error)
  for (design in names(designs)) {
    # svyivreg puts the covariance of the total influence into cov.unscaled; vcov() of survey 4.1-1
    # falls through to AER's method, which multiplies it by the residual variance.
    fit <- svyivreg(models[[name]], design = designs[[design]])
    keep_fit(paste0(name, ":design_", design), fit, fit$cov.unscaled)
  }
}
system <- systemfit(list(wage = wage ~ experience + experience2 + south + schooling),
                    method = "2SLS", data = d,
                    inst = ~ experience + experience2 + south + near_four + near_two + father)
keep("one:systemfit", "coefficient", sub("wage_", "", names(coef(system))), coef(system),
     sqrt(diag(vcov(system))))

# --- Tests of AER ---
for (name in names(models)) {
  fit <- ivreg(models[[name]], data = d)
  for (kind in c("model", "HC1", "cluster")) {
    vcov. <- switch(kind, model = NULL, HC1 = function(x) vcovHC(x, type = "HC1"),
                    cluster = function(x) vcovCL(x, cluster = d$cluster, type = "HC1"))
    table <- summary(fit, vcov. = vcov., diagnostics = TRUE)$diagnostics
    for (row in rownames(table))
      keep(paste0(name, ":", kind), "AER", row, table[row, "statistic"], table[row, "p-value"],
           table[row, "df1"])
  }
}

# --- Written out ---
outside <- cbind(1, d$experience, d$experience2, d$south)
excluded <- cbind(d$near_four, d$near_two, d$father)
W <- cbind(outside, excluded)
last <- 5:7
regression <- function(y, W, w = rep(1, n)) {
  bread <- solve(crossprod(W, w * W)); b <- drop(bread %*% crossprod(W, w * y))
  list(b = b, e = drop(y - W %*% b), bread = bread)
}
covariance <- function(fit, W, kind, w = rep(1, n)) {
  k <- ncol(W)
  influence <- (w * fit$e * W) %*% fit$bread
  switch(kind,
    model = sum(w * fit$e^2) / (n - k) * fit$bread,
    HC1 = n / (n - k) * crossprod(influence),
    cluster = {
      sums <- rowsum(influence, d$cluster); G <- nrow(sums)
      G / (G - 1) * (n - 1) / (n - k) * crossprod(sums)
    },
    design = vcov(svytotal(influence / w, designs$clusters_population)))
}
tilde <- function(A, w = rep(1, n)) A - outside %*% solve(crossprod(outside, w * outside),
                                                       crossprod(outside, w * A))
for (kind in c("model", "HC1", "cluster", "design")) {
  w <- if (kind == "design") d$weight else rep(1, n)
  fit <- regression(d$schooling, W, w)
  V <- covariance(fit, W, kind, w)[last, last]
  p <- fit$b[last]
  Q <- crossprod(tilde(excluded, w), w * tilde(excluded, w))
  keep(paste0("one:", kind), "first_stage_f", "schooling", drop(p %*% solve(V, p)) / 3)
  keep(paste0("one:", kind), "effective_f", "schooling",
       drop(p %*% Q %*% p) / sum(diag(V %*% Q)))
  # Anderson-Rubin: a separate regression at each effect; ends of the set by uniroot.
  df <- if (kind == "design") degf(designs$clusters_population) + 1 - ncol(W) else
        if (kind == "cluster") length(unique(d$cluster)) - 1 else n - ncol(W)
  ar <- function(effect) {
    fit <- regression(d$wage - effect * d$schooling, W, w)
    V <- covariance(fit, W, kind, w)[last, last]
    drop(fit$b[last] %*% solve(V, fit$b[last])) / 3
  }
  keep(paste0("one:", kind), "anderson_rubin", "zero", ar(0), pf(ar(0), 3, df, lower = FALSE), df)
  best <- optimize(ar, c(-1, 1), tol = 1e-10)$minimum
  excess <- function(b) ar(b) - qf(0.95, 3, df)
  low <- uniroot(excess, c(best - 2, best), tol = 1e-14)$root
  high <- uniroot(excess, c(best, best + 2), tol = 1e-14)$root
  keep(paste0("one:", kind), "anderson_rubin", "set", low, high, df)
}
# Partial R squared, Hansen's J by two-step GMM.
x <- tilde(d$schooling)
keep("one", "partial_r_squared", "schooling", 1 - sum(regression(d$schooling, W)$e^2) / sum(x^2))
hansen <- function(fit, y, X, W, kind, w) {
  u <- drop(y - X %*% coef(fit))
  S <- switch(kind, HC1 = crossprod(w * u * W), cluster = crossprod(rowsum(w * u * W, d$cluster)),
              design = vcov(svytotal(u * W, designs$clusters_population)))
  A <- crossprod(W, w * X); g <- crossprod(W, w * y)
  b <- solve(crossprod(A, solve(S, A)), crossprod(A, solve(S, g)))
  m <- g - A %*% b
  drop(crossprod(m, solve(S, m)))
}
X <- cbind(outside, d$schooling)
for (kind in c("HC1", "cluster", "design")) {
  w <- if (kind == "design") d$weight else rep(1, n)
  fit <- ivreg(one, data = transform(d, w = w), weights = w)
  keep(paste0("one:", kind), "hansen_j", "", hansen(fit, d$wage, X, W, kind, w))
}
# Several endogenous terms: Sanderson and Windmeijer, Cragg and Donald, Kleibergen and Paap.
excluded2 <- cbind(excluded, d$subsidy)
W2 <- cbind(outside, excluded2); last2 <- 5:8
ends <- cbind(schooling = d$schooling, training = d$training)
for (j in 1:2) for (kind in c("model", "HC1")) {
  other <- ends[, 3 - j]
  inside <- cbind(outside, other)
  hat <- W2 %*% solve(crossprod(W2), crossprod(W2, inside))
  left <- ends[, j] - inside %*% solve(crossprod(hat), crossprod(hat, ends[, j]))
  fit <- regression(left, W2)
  V <- covariance(fit, W2, kind)[last2, last2]
  keep(paste0("two:", kind), "conditional_f", colnames(ends)[j],
       drop(fit$b[last2] %*% solve(V, fit$b[last2])) / 3)
}
Xt <- tilde(ends); Zt <- tilde(excluded2)
Pi <- solve(crossprod(Zt), crossprod(Zt, Xt)); E <- Xt - Zt %*% Pi
S <- crossprod(E) / (n - ncol(W2))
root <- function(A) {e <- eigen(A); e$vectors %*% diag(1 / sqrt(e$values)) %*% t(e$vectors)}
keep("two", "cragg_donald_f", "",
     min(eigen(root(S) %*% t(Pi) %*% crossprod(Zt) %*% Pi %*% root(S))$values) / 4)
# As Kleibergen and Paap (2006) write it: vec of the scaled matrix, its decomposition, and the
# Kronecker products of the null spaces.
G <- chol(crossprod(Zt) / n); Fm <- t(solve(chol(crossprod(E) / n)))
Theta <- G %*% Pi %*% t(Fm)
s <- svd(Theta, nu = 4, nv = 2)
A <- s$u[, 2:4]; B <- s$v[, 2, drop = FALSE]
lambda <- t(A) %*% Theta %*% B
for (kind in c("HC1", "cluster")) {
  scores <- cbind(E[, 1] * Zt, E[, 2] * Zt)
  if (kind == "cluster") scores <- rowsum(scores, d$cluster)
  inverse <- kronecker(diag(2), solve(crossprod(Zt)))
  V <- inverse %*% crossprod(scores) %*% inverse
  g <- length(unique(d$cluster)); k <- ncol(W2)
  V <- V * if (kind == "HC1") n / (n - k) else g / (g - 1) * (n - 1) / (n - k)
  K <- kronecker(Fm, G)
  turned <- kronecker(t(B), t(A)) %*% K
  keep(paste0("two:", kind), "kleibergen_paap", "",
       drop(t(lambda) %*% solve(turned %*% V %*% t(turned), lambda)))
}

# --- Control functions: both steps' equations stacked ---
rest <- cbind("(Intercept)" = 1, experience = d$experience, experience2 = d$experience2,
              south = d$south, schooling = d$schooling)
first <- cbind("(Intercept)" = 1, experience = d$experience, experience2 = d$experience2,
               south = d$south, near_four = d$near_four, near_two = d$near_two, father = d$father)
links <- list(probit = list(p = pnorm, f = dnorm), logit = list(p = plogis, f = dlogis))
solved <- function(link, w) {
  v <- regression(d$schooling, first, w)
  start <- NULL
  for (i in 1:4) {
    fit <- suppressWarnings(glm.fit(cbind(rest, v$e), d$well_paid, weights = w, start = start,
      family = binomial(link), control = glm.control(1e-15, 200)))
    start <- fit$coefficients
  }
  c(fit$coefficients, v$b)
}
moments <- function(theta, link) {
  v <- d$schooling - drop(first %*% theta[7:13])
  eta <- drop(cbind(rest, v) %*% theta[1:6])
  p <- links[[link]]$p; f <- links[[link]]$f
  s <- ifelse(d$well_paid == 1, f(eta) / p(eta), -f(eta) / p(-eta))
  cbind(s * cbind(rest, v), v * first)
}
for (link in names(links)) for (kind in c("HC0", "HC1", "cluster", "design")) {
  w <- if (kind == "design") d$weight / mean(d$weight) else rep(1, n)
  theta <- solved(link, w)
  scale <- pmax(abs(theta), 1e-3)
  slopes <- jacobian(function(t) colSums(w * moments(t * scale, link)), theta / scale)
  bread <- -solve(slopes %*% diag(1 / scale))
  influence <- moments(theta, link) %*% t(bread)
  k <- length(theta)
  sums <- rowsum(influence, d$cluster); g <- nrow(sums)
  V <- switch(kind, HC0 = crossprod(influence), HC1 = n / (n - k) * crossprod(influence),
    cluster = g / (g - 1) * (n - 1) / (n - k) * crossprod(sums),
    design = vcov(svytotal(influence / mean(d$weight), designs$clusters_population)))
  terms <- c(colnames(rest), "residual|schooling", paste0("first_stage|", colnames(first)))
  keep(paste0("control_function_", link, ":", kind), "coefficient", terms, theta, sqrt(diag(V)))
  effects <- function(theta) {
    v <- d$schooling - drop(first %*% theta[7:13])
    p <- links[[link]]$p; f <- links[[link]]$f
    eta <- drop(cbind(rest, v) %*% theta[1:6])
    at <- function(south) p(eta + theta[4] * (south - d$south))
    share <- w / sum(w)
    c(experience = sum(share * f(eta) * (theta[2] + 2 * theta[3] * d$experience)),
      south = sum(share * (at(1) - at(0))), schooling = sum(share * f(eta)) * unname(theta[5]))
  }
  gradient <- jacobian(function(t) effects(t * scale), theta / scale) %*% diag(1 / scale)
  keep(paste0("control_function_", link, ":", kind), "partial_effect", names(effects(theta)),
       effects(theta), sqrt(diag(gradient %*% V %*% t(gradient))))
}

header <- sprintf(
  "# %s; AER %s; sandwich %s; survey %s; estimatr %s; systemfit %s; numDeriv %s; written by instrumental.R from instrumental_workers.csv",
  R.version.string, packageVersion("AER"), packageVersion("sandwich"), packageVersion("survey"),
  packageVersion("estimatr"), packageVersion("systemfit"), packageVersion("numDeriv"))
writeLines(header, "instrumental.csv")
table <- do.call(rbind, written)
for (column in c("estimate", "second", "df")) table[[column]] <- sprintf("%.17g", table[[column]])
suppressWarnings(write.table(table, "instrumental.csv", append = TRUE, sep = ",",
                             row.names = FALSE, quote = 1:3))
