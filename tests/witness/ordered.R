# Writes ordered.csv beside this script. Run: Rscript ordered.R (in this folder).
#
# ordinal::clm maximises (Newton's method with the analytic Hessian). survey::svyolr is not asked
# for standard errors: it takes optim()'s Hessian by differences, right to four digits only.
source("pseudo_likelihood.R")
suppressPackageStartupMessages({library(ordinal); library(MASS)})

firms$rank <- findInterval(firms$growth, c(-0.3, 0, 0.3)) + 1   # 1, 2, 3, 4
distribution <- list(logit = list(F = plogis, f = dlogis), probit = list(F = pnorm, f = dnorm))

ordered_model <- function(link, inside) {
  data <- droplevels(firms[inside, ])
  data$rank <- factor(data$rank, ordered = TRUE)
  X <- regressors(inside)[, -1]; y <- as.integer(data$rank); p <- ncol(X)
  F <- distribution[[link]]$F; f <- distribution[[link]]$f
  cuts <- function(theta) c(-Inf, theta[-(1:p)], Inf)
  list(
    solve = function(w) {
      data$w <- w
      environment(right) <- environment()
      fit <- clm(update(right, rank ~ .), data = data, weights = w, link = link,
                 control = list(gradTol = 1e-12, maxIter = 200))
      order <- c(names(fit$beta), names(fit$alpha))
      list(theta = coef(fit)[order], inverse = vcov(fit)[order, order])
    },
    log_density = function(theta) {
      eta <- drop(X %*% theta[1:p]); k <- cuts(theta)
      log(F(k[y + 1] - eta) - F(k[y] - eta))
    },
    score = function(theta) {
      eta <- drop(X %*% theta[1:p]); k <- cuts(theta)
      above <- f(k[y + 1] - eta); below <- f(k[y] - eta)
      P <- F(k[y + 1] - eta) - F(k[y] - eta)
      by_cut <- sapply(seq_len(length(theta) - p), function(j) (above * (y == j) - below * (y == j + 1)) / P)
      cbind(-X * (above - below) / P, by_cut)
    })
}

for (link in c("logit", "probit")) {
  estimator <- paste0("ordered_", link)
  named <- function(inside) c(colnames(regressors(inside))[-1], paste0("cut", 1:3))
  witnessed(estimator, named(answered), answered, ordered_model(link, answered), every_case)
  inside <- answered & makers
  witnessed(estimator, named(inside), inside, ordered_model(link, inside), "design_subpopulation")
}

# MASS::polr, as a second opinion on coefficients and model-based standard errors.
second <- polr(update(right, factor(rank, ordered = TRUE) ~ .), data = firms[answered, ], Hess = TRUE,
               control = list(reltol = 1e-15, maxit = 1000))
first <- Filter(function(x) x$case[1] == "model" && x$estimator[1] == "ordered_logit", written)[[1]]
stopifnot(max(abs(c(coef(second), second$zeta) - first$estimate)) < 1e-4,
          max(abs(sqrt(diag(vcov(second))) / first$std_error - 1)) < 1e-2)

# Brant (1990): binary logits of rank > j, and the Wald tests that their slopes are the same.
data <- firms[answered, ]; X <- regressors(answered); p <- ncol(X) - 1; J <- 3
fits <- lapply(1:J, function(j) glm(as.integer(data$rank > j) ~ X - 1, family = binomial,
                                    control = list(epsilon = 1e-14, maxit = 100)))
P <- sapply(fits, fitted); B <- unlist(lapply(fits, function(fit) coef(fit)[-1]))
H <- lapply(1:J, function(j) solve(crossprod(X, P[, j] * (1 - P[, j]) * X)))
V <- matrix(0, J * p, J * p)
for (j in 1:J) for (l in 1:J) {
  low <- min(j, l); high <- max(j, l)
  middle <- crossprod(X, (P[, high] - P[, low] * P[, high]) * X)
  V[(j - 1) * p + 1:p, (l - 1) * p + 1:p] <- (H[[j]] %*% middle %*% H[[l]])[-1, -1]
}
wald <- function(terms) {
  D <- do.call(rbind, lapply(2:J, function(j) {
    D <- matrix(0, length(terms), J * p)
    D[cbind(seq_along(terms), terms)] <- 1
    D[cbind(seq_along(terms), (j - 1) * p + terms)] <- -1
    D
  }))
  drop(t(D %*% B) %*% solve(D %*% V %*% t(D), D %*% B))
}
statistics <- c(wald(1:p), sapply(1:p, wald))
keep("brant", "ordered_logit", c("all", colnames(X)[-1]), statistics, c(p, rep(1, p)) * (J - 1))
save_witness("ordered.R", c("ordinal", "MASS", "survey", "numDeriv"))
