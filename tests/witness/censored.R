# Writes censored.csv beside this script. Run: Rscript censored.R (in this folder).
#
# survival::survreg maximises; survey::svysurvreg and AER::tobit are second opinions.
source("pseudo_likelihood.R")
suppressPackageStartupMessages({library(survival); library(AER)})

growth <- firms$growth
outcomes <- list(
  tobit = list(lower = ifelse(growth <= 0, -Inf, growth), upper = pmax(growth, 0)),
  tobit_two = list(lower = ifelse(growth <= -0.25, -Inf, pmin(growth, 0.5)),
                   upper = ifelse(growth >= 0.5, Inf, pmax(growth, -0.25))),
  interval_regression = local({
    ends <- c(-Inf, -0.4, -0.2, 0, 0.2, 0.4, Inf); class <- findInterval(growth, ends)
    exact <- firms$firm %% 7 == 0
    list(lower = ifelse(exact, growth, ends[class]), upper = ifelse(exact, growth, ends[class + 1]))
  }))
tight <- survreg.control(rel.tolerance = 1e-12, maxiter = 200)
surv_of <- function(lower, upper) {
  Surv(ifelse(is.infinite(lower), NA, lower), ifelse(is.infinite(upper), NA, upper),
       type = "interval2")
}

limited_model <- function(outcome, inside) {
  data <- droplevels(firms[inside, ])
  lower <- outcome$lower[inside]; upper <- outcome$upper[inside]; exact <- lower == upper
  data$known <- surv_of(lower, upper)
  X <- regressors(inside); p <- ncol(X)
  parts <- function(theta) {
    s <- exp(theta[p + 1]); mu <- drop(X %*% theta[1:p])
    list(s = s, a = (lower - mu) / s, b = (upper - mu) / s)
  }
  zero <- function(x) ifelse(is.infinite(x), 0, x)
  list(
    solve = function(w) {
      data$w <- w
      environment(right) <- environment()
      fit <- survreg(update(right, known ~ .), data = data, weights = w, dist = "gaussian",
                     control = tight)
      for (i in 1:3)
        fit <- survreg(update(right, known ~ .), data = data, weights = w, dist = "gaussian",
                       control = tight, init = c(coef(fit), log(fit$scale)))
      list(theta = c(coef(fit), log(fit$scale)), inverse = vcov(fit))
    },
    log_density = function(theta) {
      z <- parts(theta)
      ifelse(exact, dnorm(z$a, log = TRUE) - log(z$s), log(pnorm(z$b) - pnorm(z$a)))
    },
    score = function(theta) {
      z <- parts(theta); P <- pnorm(z$b) - pnorm(z$a)
      by_mean <- ifelse(exact, z$a, (dnorm(z$a) - dnorm(z$b)) / P) / z$s
      by_scale <- ifelse(exact, z$a^2 - 1,
                         (zero(z$a) * dnorm(z$a) - zero(z$b) * dnorm(z$b)) / P)
      cbind(X * by_mean, by_scale)
    })
}

for (estimator in names(outcomes)) {
  named <- function(inside) c(colnames(regressors(inside)), "log_sigma")
  witnessed(estimator, named(answered), answered, limited_model(outcomes[[estimator]], answered),
            every_case)
  inside <- answered & makers
  witnessed(estimator, named(inside), inside, limited_model(outcomes[[estimator]], inside),
            "design_subpopulation")
}

# Second opinions: survey's own linearisation, and AER's tobit.
found <- function(case, estimator)
  Filter(function(x) x$case[1] == case && x$estimator[1] == estimator, written)[[1]]
design <- designs$clusters_population
design$variables$known <- with(outcomes$tobit_two, surv_of(lower, upper))
svy <- svysurvreg(update(right, known ~ .), design = subset(design, !is.na(graduates)),
                  dist = "gaussian")
expected <- found("design_clusters", "tobit_two")
stopifnot(max(abs(c(coef(svy), log(svy$scale)) / expected$estimate - 1)) < 1e-6)
stopifnot(max(abs(sqrt(diag(vcov(svy))) / expected$std_error - 1)) < 1e-6)
aer <- tobit(update(right, pmin(pmax(growth, -0.25), 0.5) ~ .), left = -0.25, right = 0.5,
             data = firms[answered, ])
expected <- found("model", "tobit_two")
stopifnot(max(abs(c(coef(aer), log(aer$scale)) / expected$estimate - 1)) < 1e-6)
stopifnot(max(abs(sqrt(diag(vcov(aer))) / expected$std_error - 1)) < 1e-6)
save_witness("censored.R", c("survival", "AER", "survey", "numDeriv"))
