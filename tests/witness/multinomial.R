# Writes multinomial.csv beside this script. Run: Rscript multinomial.R (in this folder).
#
# VGAM::vglm maximises (its expected information is the observed one here).
source("pseudo_likelihood.R")
suppressPackageStartupMessages({library(VGAM); library(nnet)})

firms$kind <- firms$product + 2 * (firms$growth > 0.1)   # 0, 1, 2, 3

multinomial_model <- function(inside) {
  data <- droplevels(firms[inside, ])
  X <- regressors(inside); p <- ncol(X); y <- data$kind
  probabilities <- function(theta) {
    eta <- cbind(0, X %*% matrix(theta, p))
    exp(eta) / rowSums(exp(eta))
  }
  score <- function(theta) {
    P <- probabilities(theta)
    do.call(cbind, lapply(1:3, function(j) X * ((y == j) - P[, j + 1])))
  }
  list(
    solve = function(w) {
      data$w <- w
      environment(right) <- environment()
      fit <- suppressWarnings(
        vglm(update(right, factor(kind) ~ .), multinomial(refLevel = 1), data = data, weights = w,
             control = vglm.control(epsilon = 1e-15, maxit = 60, checkwz = FALSE)))
      # Its vcov is one iteration old: once more from the end.
      fit <- suppressWarnings(
        vglm(update(right, factor(kind) ~ .), multinomial(refLevel = 1), data = data, weights = w,
             coefstart = coef(fit),
             control = vglm.control(epsilon = 1e-15, maxit = 3, checkwz = FALSE)))
      # VGAM goes through the levels within a term.
      order <- order(rep(1:3, p), rep(1:p, each = 3))
      theta <- coef(fit)[order]; inverse <- vcov(fit)[order, order]
      # It stops on the deviance, half way to the digits of the coefficients: two steps more.
      for (i in 1:2) theta <- theta + drop(inverse %*% colSums(w * score(theta)))
      list(theta = theta, inverse = inverse)
    },
    log_density = function(theta) log(probabilities(theta)[cbind(seq_along(y), y + 1)]),
    score = score)
}

named <- function(inside) {
  columns <- colnames(regressors(inside))
  paste0(rep(1:3, each = length(columns)), "|", columns)
}
witnessed("multinomial_logit", named(answered), answered, multinomial_model(answered), every_case)
inside <- answered & makers
witnessed("multinomial_logit", named(inside), inside, multinomial_model(inside), "design_subpopulation")

second <- multinom(update(right, kind ~ .), data = firms[answered, ], trace = FALSE, reltol = 1e-14,
                   maxit = 2000)
stopifnot(max(abs(as.vector(t(coef(second))) - written[[1]]$estimate)) < 1e-3)
save_witness("multinomial.R", c("VGAM", "nnet", "survey", "numDeriv"))
