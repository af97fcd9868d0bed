# Writes bivariate.csv and binormal.csv beside this script. Run: Rscript bivariate.R (in this folder).
#
# The bivariate probit by hand: probabilities by the tanh-sinh rule, held against mvtnorm's TVPACK
# (VGAM's pbinorm is good to seven digits only); first derivatives by the textbook's formulas,
# second by differences.
source("likelihood_by_hand.R")
suppressPackageStartupMessages({library(mvtnorm); library(VGAM)})
step <- 1e-3
smallest_step <- 1e-12

# Density of the first times the conditional probability of the second, from -12 to h.
abscissas <- seq(-3.4, 3.4, length.out = 221)
nodes <- tanh(pi / 2 * sinh(abscissas))
heights <- pi / 2 * cosh(abscissas) / cosh(pi / 2 * sinh(abscissas))^2 * diff(abscissas)[1]
binormal <- function(h, k, rho) {
  half <- (h + 12) / 2
  x <- half %o% nodes + (h - 12) / 2
  half * drop((dnorm(x) * pnorm((k - rho * x) / sqrt(1 - rho^2))) %*% heights)
}

density_and_slopes <- function(signs, eta) {
  s <- signs[, 1] * signs[, 2]
  a <- signs[, 1] * eta[, 1]; b <- signs[, 2] * eta[, 2]; rho <- s * tanh(eta[, 3])
  rest <- sqrt(1 - rho^2)
  p <- binormal(a, b, rho)
  joint <- exp(-(a^2 - 2 * rho * a * b + b^2) / (2 * rest^2)) / (2 * pi * rest)
  list(value = log(p), gradient = cbind(
    signs[, 1] * dnorm(a) * pnorm((b - rho * a) / rest) / p,
    signs[, 2] * dnorm(b) * pnorm((a - rho * b) / rest) / p, s * joint * rest^2 / p))
}

pair_derivatives <- function(signs) function(model, theta) {
  eta <- predictors_at(model, theta)
  here <- density_and_slopes(signs, eta)
  slopes <- function(j, times) {
    moved <- eta
    moved[, j] <- moved[, j] + times * step
    density_and_slopes(signs, moved)$gradient
  }
  hessian <- array(0, c(nrow(eta), 3, 3))
  for (j in 1:3) hessian[, , j] <-
    (8 * (slopes(j, 1) - slopes(j, -1)) - (slopes(j, 2) - slopes(j, -2))) / (12 * step)
  c(here, list(hessian = (hessian + aperm(hessian, c(1, 3, 2))) / 2))
}

firms <- read.csv("innovators.csv", stringsAsFactors = FALSE)
one <- matrix(1, nrow(firms), 1)
probit <- function(y, X) coef(glm.fit(X, y, family = binomial("probit")))
rho_of <- function(theta) c("derived|rho" = tanh(theta[length(theta)]))
pair <- function(estimator, first, second, X, Z, derived) {
  model <- list(blocks = list(a = X, b = Z, t = one),
                derivatives = pair_derivatives(cbind(2 * first - 1, 2 * second - 1)))
  start <- unname(c(probit(first, X), probit(second, Z), 0.3))
  keep_all(estimator, c(colnames(X), paste0("second|", colnames(Z)), "atanh_rho"), firms,
           function(w, from) summit(model, w, from), start, derived)
}

X <- model.matrix(~ size + exporter, firms)
pair("bivariate_probit", firms$product, firms$process, X, model.matrix(~ size + local, firms),
     function(theta, w) rho_of(theta))
R <- model.matrix(~ size + research, firms)
pair("recursive_bivariate_probit", firms$product, firms$research, R,
     model.matrix(~ size + distance, firms), function(theta, w) {
       with <- without <- R
       with[, 3] <- 1; without[, 3] <- 0
       effect <- weighted.mean(pnorm(with %*% theta[1:3]) - pnorm(without %*% theta[1:3]), w)
       c(rho_of(theta), "derived|average_treatment_effect" = effect)
     })

# The package's own fit, of the same regressors in both equations; its link is 2 atanh rho, and
# its standard errors are of expected information.
both <- vglm(cbind(firms$product, firms$process) ~ size + exporter, binom2.rho(zero = 3),
             data = firms, epsilon = 1e-12, maxit = 200)
order <- c(1, 4, 6, 2, 5, 7, 3)
scale <- c(rep(1, 6), 2)
keep("package_VGAM", "bivariate_probit", c(colnames(X), paste0("second|", colnames(X)), "atanh_rho"),
     coef(both)[order] / scale, sqrt(diag(vcov(both)))[order] / scale)

# Probabilities themselves.
points <- expand.grid(h = c(-3.5, -1.2, 0, 0.4, 2.7), k = c(-4, -0.7, 0.9, 3),
                      rho = c(-0.999, -0.95, -0.6, -0.1, 0.3, 0.8, 0.93, 0.9999))
points$probability <- mapply(function(h, k, rho) pmvnorm(
  upper = c(h, k), corr = matrix(c(1, rho, rho, 1), 2), algorithm = TVPACK(abseps = 1e-15))[1],
  points$h, points$k, points$rho)
smooth <- abs(points$rho) < 0.9
stopifnot(max(abs(points$probability - binormal(points$h, points$k, points$rho))[smooth]) < 1e-14)
writeLines(sprintf("# %s; mvtnorm %s; written by bivariate.R", R.version.string,
                   packageVersion("mvtnorm")), "binormal.csv")
points[] <- lapply(points, function(x) sprintf("%.17g", x))
suppressWarnings(write.table(points, "binormal.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = FALSE))
save_as("bivariate.csv", "bivariate.R", c("VGAM", "mvtnorm", "survey", "numDeriv"))
