
# ---- Models by their likelihood: start, log-density of each firm, and what they predict ------
# X is a list of design matrices: `main`, then those of further equations; theta goes through
# them in that order, then through what is left (cuts, log of a spread ...).
matrices <- function(formulas, data, exposure = NULL) {
  X <- lapply(formulas, function(f) {
    model.matrix(f, model.frame(f, data, na.action = na.pass))
  })
  c(X, list(offset = if (is.null(exposure)) 0 else log(data[[exposure]])))
}
widest <- function(X) max(vapply(X[names(X) != "offset"], ncol, 1L))
first <- function(theta, X) theta[seq_len(ncol(X))]
rest <- function(theta, X) theta[-seq_len(ncol(X))]

ordered_model <- function(levels, link) {
  F <- if (link == "logit") plogis else pnorm
  slopes <- function(X) X$main[, -1, drop = FALSE]
  list(
    start = function(y, X) {
      below <- cumsum(table(factor(y, levels))) / length(y)
      c(numeric(ncol(X$main) - 1), qlogis(below[-length(levels)]))
    },
    density = function(theta, y, X) {
      S <- slopes(X); eta <- drop(S %*% first(theta, S)); cuts <- c(-Inf, theta[ncol(X$main):length(theta)], Inf)
      k <- match(y, levels)
      log(F(cuts[k + 1] - eta) - F(cuts[k] - eta))
    },
    predict = function(theta, X) {
      S <- slopes(X)
      F(drop(S %*% first(theta, S)) - theta[length(theta)])
    })
}
multinomial_model <- function(base, others, shown) {
  shares <- function(theta, X) {
    e <- exp(cbind(0, X$main %*% matrix(theta, ncol(X$main))))
    e / rowSums(e)
  }
  list(
    start = function(y, X) numeric(ncol(X$main) * length(others)),
    density = function(theta, y, X) log(shares(theta, X)[cbind(seq_along(y), match(y, c(base, others)))]),
    predict = function(theta, X) shares(theta, X)[, match(shown, c(base, others))])
}
# Between limits, of which each may be infinite; equal where the number is known.
limited_density <- function(mu, sigma, low, high) {
  ifelse(low == high, dnorm((low - mu) / sigma, log = TRUE) - log(sigma),
         log(pnorm((high - mu) / sigma) - pnorm((low - mu) / sigma)))
}
tobit_model <- function(lower = -Inf, upper = Inf) list(
  start = function(y, X) c(mean(y), numeric(ncol(X$main) - 1), log(sd(y))),
  density = function(theta, y, X) {
    low <- ifelse(y <= lower, -Inf, pmin(y, upper)); high <- ifelse(y >= upper, Inf, pmax(y, lower))
    limited_density(drop(X$main %*% first(theta, X$main)), exp(rest(theta, X$main)), low, high)
  },
  predict = function(theta, X) {
    mu <- drop(X$main %*% first(theta, X$main)); s <- exp(rest(theta, X$main))
    a <- (lower - mu) / s; b <- (upper - mu) / s
    ends <- (if (is.finite(lower)) lower * pnorm(a) else 0) + (if (is.finite(upper)) upper * pnorm(-b) else 0)
    ends + (pnorm(b) - pnorm(a)) * mu + s * (dnorm(a) - dnorm(b))
  })
interval_model <- function(high) {
  high[is.na(high)] <- Inf
  list(
    start = function(y, X) c(mean(y, na.rm = TRUE), numeric(ncol(X$main) - 1), log(sd(y, na.rm = TRUE))),
    density = function(theta, y, X)
      limited_density(drop(X$main %*% first(theta, X$main)), exp(rest(theta, X$main)),
                      ifelse(is.na(y), -Inf, y), high),
    predict = function(theta, X) drop(X$main %*% first(theta, X$main)))
}
log_count <- function(y, eta, log_alpha) {
  if (is.null(log_alpha)) return(dpois(y, exp(eta), log = TRUE))
  r <- exp(-log_alpha)
  lgamma(y + r) - lgamma(r) - lgamma(y + 1) - (y + r) * log1p(exp(log_alpha + eta)) + y * (log_alpha + eta)
}
log_none <- function(eta, log_alpha)
  if (is.null(log_alpha)) -exp(eta) else -exp(-log_alpha) * log1p(exp(log_alpha + eta))
count_start <- function(y) log(max(mean(y), 1e-3))
negative_binomial_model <- function() list(
  start = function(y, X) c(count_start(y), numeric(ncol(X$main) - 1), 0),
  density = function(theta, y, X)
    log_count(y, drop(X$main %*% first(theta, X$main)) + X$offset, rest(theta, X$main)),
  predict = function(theta, X) exp(drop(X$main %*% first(theta, X$main)) + X$offset))
# A hurdle: any at all, then how many. Zero-inflated: a sure zero, or else a count.
two_part_model <- function(is_hurdle, has_alpha) {
  parts <- function(theta, X) {
    Z <- X[[2]]; after <- rest(theta, X$main)
    list(eta = drop(X$main %*% first(theta, X$main)), share = plogis(drop(Z %*% first(after, Z))),
         log_alpha = if (has_alpha) rest(after, Z) else NULL)
  }
  list(
    start = function(y, X) c(count_start(y), numeric(ncol(X$main) - 1 + ncol(X[[2]])), if (has_alpha) 0),
    density = function(theta, y, X) {
      p <- parts(theta, X); zero <- log_none(p$eta, p$log_alpha); count <- log_count(y, p$eta, p$log_alpha)
      if (is_hurdle) ifelse(y == 0, log(1 - p$share), log(p$share) + count - log(-expm1(zero)))
      else ifelse(y == 0, log(p$share + (1 - p$share) * exp(zero)), log(1 - p$share) + count)
    },
    predict = function(theta, X) {
      p <- parts(theta, X)
      if (is_hurdle) p$share * exp(p$eta) / -expm1(log_none(p$eta, p$log_alpha))
      else (1 - p$share) * exp(p$eta)
    })
}
# The outcome is seen of selected firms only; both equations by maximum likelihood.
heckman_model <- function(selected) list(
  start = function(y, X) {
    b <- lm.fit(X$main[selected == 1, , drop = FALSE], y[selected == 1])
    c(b$coefficients, qnorm(mean(selected)), numeric(ncol(X[[2]]) - 1), 0, log(sd(b$residuals)))
  },
  density = function(theta, y, X) {
    Z <- X[[2]]; after <- rest(theta, X$main); last <- rest(after, Z)
    rho <- tanh(last[1]); sigma <- exp(last[2]); g <- drop(Z %*% first(after, Z))
    e <- (y - drop(X$main %*% first(theta, X$main))) / sigma
    seen <- pnorm((g + rho * e) / sqrt(1 - rho^2), log.p = TRUE) + dnorm(e, log = TRUE) - log(sigma)
    ifelse(selected == 1, seen, pnorm(-g, log.p = TRUE))
  },
  predict = function(theta, X) drop(X$main %*% first(theta, X$main)))

# Fits the model; V and df come with it.
likelihood <- function(model, y, X, w, kind, inside, design = NULL, cluster = NULL) {
  zero <- function(X) lapply(X, function(m) { m[is.na(m)] <- 0; m })  # rows of unseen outcomes
  X <- zero(X)
  density <- function(theta) model$density(theta, y, X)
  fit <- maximum(density, model$start(y, X), w)
  refit <- function(v) maximum(density, fit$theta, v, is_near = TRUE)$theta
  c(fit, sandwich_of(fit, kind, inside, design, cluster, refit, widest(X)))
}

# ---- Least squares of transformed data -----------------------------------------------------
least_squares <- function(y, X, R, w, spare) {  # R: what the scores are made of
  w <- w / mean(w)
  bread <- solve(crossprod(R, w * R))
  theta <- drop(bread %*% crossprod(R, w * y))
  residual <- drop(y - X %*% theta)
  list(theta = theta, scores = R * residual, bread = bread, w = w,
       dispersion = sum(w * residual^2) / spare, df_residual = spare)
}
two_stage <- function(y, X, Z, w) {
  first_stage <- Z %*% solve(crossprod(Z, w * Z), crossprod(Z, w * X))
  least_squares(y, X, first_stage, w, nrow(X) - ncol(X))
}
within_firms <- function(y, X, unit, w) {
  apart <- function(x) {
    sums <- rowsum(cbind(w * x, w), unit)[as.character(unit), , drop = FALSE]
    # A firm may have no weight in a replicate.
    x - sums[, 1] / ifelse(sums[, 2] > 0, sums[, 2], 1) + sum(w * x) / sum(w)
  }
  D <- apply(X, 2, apart)
  least_squares(apart(y), D, D, w, length(y) - ncol(X) - length(unique(unit)) + 1)
}
