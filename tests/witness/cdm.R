# Writes cdm.csv beside this script. Run: Rscript cdm.R (in this folder); 2 minutes.
#
# Step by step: Heckman's likelihood by maxLik, probits by glm, least squares by lm, the fitted
# values of each step carried on. Standard errors from the equations of all steps stacked, by
# numDeriv, and from refits of the whole system under given replicate weights.
suppressPackageStartupMessages({library(maxLik); library(numDeriv); library(survey)})
options(digits = 17)
d <- read.csv("cdm_firms.csv")
n <- nrow(d)
I <- cbind("(Intercept)" = 1, size = d$size, subsidy = d$subsidy, cooperation = d$cooperation)
S <- cbind(I, exporter = d$exporter)
K <- cbind("(Intercept)" = 1, size = d$size, exporter = d$exporter, demand = d$demand)
P <- cbind("(Intercept)" = 1, size = d$size, capital = d$capital)
y1 <- ifelse(d$rd_performer == 1, d$rd_intensity, 0); s <- d$rd_performer
b <- 1:4; g <- 5:9; t <- 10; l <- 11        # intensity, selection, atanh rho, log sigma
k1 <- 12:16; k2 <- 17:21                    # product, process; the last is predicted R&D
p <- 22:26                                  # productivity; the last two are predicted outputs

heckman <- function(theta, w) {
  z <- drop(S %*% theta[g]); e <- (y1 - drop(I %*% theta[b])) / exp(theta[l])
  A <- z * cosh(theta[t]) + e * sinh(theta[t])
  w * ifelse(s == 1, dnorm(e, log = TRUE) - theta[l] + pnorm(A, log.p = TRUE),
             pnorm(-z, log.p = TRUE))
}
mills <- function(x) exp(dnorm(x, log = TRUE) - pnorm(x, log.p = TRUE))
moments <- function(theta) {
  sigma <- exp(theta[l]); ch <- cosh(theta[t]); sh <- sinh(theta[t])
  x <- drop(I %*% theta[b]); z <- drop(S %*% theta[g]); e <- (y1 - x) / sigma
  A <- z * ch + e * sh; m <- mills(A)
  one <- cbind(s * (e - m * sh) / sigma * I, ifelse(s == 1, m * ch, -mills(-z)) * S,
               s * m * (z * sh + e * ch), s * (e^2 - 1 - m * e * sh))
  score <- function(y, eta) ifelse(y == 1, mills(eta), -mills(-eta))
  e1 <- drop(cbind(K, x) %*% theta[k1]); e2 <- drop(cbind(K, x) %*% theta[k2])
  X <- cbind(P, pnorm(e1), pnorm(e2))
  cbind(one, score(d$product, e1) * cbind(K, x), score(d$process, e2) * cbind(K, x),
        (d$productivity - drop(X %*% theta[p])) * X)
}
slopes <- function(theta, w) {
  scale <- pmax(abs(theta), 1e-2)
  jacobian(function(u) colSums(w * moments(u * scale)), theta / scale) %*% diag(1 / scale)
}
steps <- function(w) {
  probit <- glm.fit(S, s, weights = w, family = quasibinomial("probit"))
  m <- mills(drop(S %*% probit$coefficients))
  two <- lm.wfit(cbind(I, m)[s == 1, ], y1[s == 1], w[s == 1])$coefficients
  start <- c(two[1:4], probit$coefficients, 0.3, 0)
  first <- maxLik(function(theta) heckman(theta, w), start = start, method = "NR",
                  tol = 1e-14, reltol = 0, iterlim = 200)$estimate
  # maxLik's derivatives are differences: two steps of Newton on the analytic scores.
  for (i in 1:3) {
    scores <- function(u) colSums(w * moments(c(u, rep(0, 15)))[, 1:11])
    first <- first - solve(jacobian(scores, first), scores(first))
  }
  x <- drop(I %*% first[b])
  innovation <- function(y) {
    fit <- NULL
    for (i in 1:5)
      fit <- glm.fit(cbind(K, x), y, weights = w, family = quasibinomial("probit"),
                     start = fit$coefficients, control = glm.control(1e-15, 100))
    fit$coefficients
  }
  one <- innovation(d$product); two <- innovation(d$process)
  # Beyond R's own convergence of a probit, which is linear: Newton on the scores.
  theta <- c(first, one, two, rep(0, 5))
  for (i in 1:2) {
    f <- function(u) colSums(w * moments(c(first, u, rep(0, 5)))[, 12:21])
    theta[12:21] <- theta[12:21] - solve(jacobian(f, theta[12:21]), f(theta[12:21]))
  }
  X <- cbind(P, pnorm(drop(cbind(K, x) %*% theta[k1])), pnorm(drop(cbind(K, x) %*% theta[k2])))
  theta[p] <- lm.wfit(X, d$productivity, w)$coefficients
  theta
}
named <- c(paste0("intensity|", colnames(I)), paste0("selection|", colnames(S)), "atanh_rho",
           "log_sigma", paste0("product|", c(colnames(K), "predicted_rd_intensity")),
           paste0("process|", c(colnames(K), "predicted_rd_intensity")), colnames(P),
           "predicted_product", "predicted_process")
written <- list()
keep <- function(case, theta, V) written[[length(written) + 1]] <<- data.frame(
  case = case, term = named, estimate = theta, std_error = sqrt(diag(V)))

design <- svydesign(ids = ~group, strata = ~stratum, weights = ~weight, data = d)
k <- length(named)
for (weighted in c(FALSE, TRUE)) {
  w <- if (weighted) d$weight / mean(d$weight) else rep(1, n)
  theta <- steps(w)
  influence <- -moments(theta) %*% t(solve(slopes(theta, w)))
  if (weighted) {
    keep("design", theta, vcov(svytotal(influence / mean(d$weight), design)))
    # The estimates under each replicate's weights; all steps anew.
    drawn <- read.csv("cdm_replicates.csv")
    place <- match(d$group, drawn$group)
    factors <- as.matrix(drawn[, -(1:2)]) * drawn$in_stratum / (drawn$in_stratum - 1)
    again <- apply(factors, 2, function(times) steps(d$weight * times[place] / mean(d$weight)))
    apart <- again - theta
    keep("replicate", theta, apart %*% t(apart) / ncol(factors))
  } else {
    sums <- rowsum(influence, d$group); G <- nrow(sums)
    keep("HC0", theta, crossprod(influence))
    keep("HC1", theta, n / (n - k) * crossprod(influence))
    keep("cluster", theta, G / (G - 1) * (n - 1) / (n - k) * crossprod(sums))
  }
}
header <- sprintf("# %s; maxLik %s; numDeriv %s; survey %s; written by cdm.R from cdm_firms.csv",
                  R.version.string, packageVersion("maxLik"), packageVersion("numDeriv"),
                  packageVersion("survey"))
writeLines(header, "cdm.csv")
table <- do.call(rbind, written)
for (column in c("estimate", "std_error")) table[[column]] <- sprintf("%.17g", table[[column]])
suppressWarnings(write.table(table, "cdm.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = 1:2))
