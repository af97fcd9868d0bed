# Maximum likelihood by hand, for counts.R, selection.R and bivariate.R, which source this file.
#
# A model is a list of pieces, each the log-density of some firms as an R expression of the
# linear predictors. R's own symbolic differentiation (deriv3) gives both derivatives, so that
# nothing but rounding stands between the witness and the truth.
suppressPackageStartupMessages({library(survey); library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)
newton_steps <- 100
smallest_step <- 1e-13

piece <- function(expression, predictors, rows, ...)
  list(formula = deriv3(expression, predictors), rows = rows, data = list(...))

# theta to the log-density (m), gradient (m, M) and Hessian (m, M, M) by the linear predictors.
by_predictor <- function(model, theta) {
  eta <- predictors_at(model, theta)
  m <- nrow(eta); M <- ncol(eta)
  result <- list(value = numeric(m), gradient = matrix(0, m, M), hessian = array(0, c(m, M, M)))
  for (part in model$pieces) {
    room <- lapply(seq_len(M), function(j) eta[part$rows, j])
    names(room) <- names(model$blocks)
    room <- c(room, lapply(part$data, function(x) x[part$rows]))
    found <- eval(part$formula, room)
    which <- match(dimnames(attr(found, "gradient"))[[2]], names(model$blocks))
    result$value[part$rows] <- found
    result$gradient[part$rows, which] <- attr(found, "gradient")
    result$hessian[part$rows, which, which] <- attr(found, "hessian")
  }
  result
}

predictors_at <- function(model, theta) {
  widths <- vapply(model$blocks, ncol, 1L)
  last <- cumsum(widths)
  sapply(seq_along(widths), function(j)
    drop(model$blocks[[j]] %*% theta[(last[j] - widths[j] + 1):last[j]]))
}

scores_of <- function(model, part) do.call(cbind, lapply(seq_along(model$blocks), function(j)
  model$blocks[[j]] * part$gradient[, j]))

hessian_of <- function(model, part, w) {
  M <- length(model$blocks)
  do.call(rbind, lapply(1:M, function(i) do.call(cbind, lapply(1:M, function(j)
    t(model$blocks[[i]]) %*% (w * part$hessian[, i, j] * model$blocks[[j]])))))
}

# Newton steps, halved where the weighted log-likelihood would fall.
summit <- function(model, w, start) {
  theta <- start
  part <- model$derivatives(model, theta)
  for (i in seq_len(newton_steps)) {
    gradient <- colSums(w * scores_of(model, part))
    step <- solve(-hessian_of(model, part, w), gradient)
    repeat {
      ahead <- model$derivatives(model, theta + step)
      if (isTRUE(sum((w * ahead$value)[w > 0]) >= sum((w * part$value)[w > 0]) - 1e-9)) break
      step <- step / 2
      if (max(abs(step)) < 1e-14) break
    }
    theta <- theta + step
    part <- model$derivatives(model, theta)
    if (max(abs(step)) < smallest_step) break
  }
  list(theta = theta, scores = scores_of(model, part), bread = solve(-hessian_of(model, part, w)),
       value = sum(w * part$value))
}

written <- list()
keep <- function(case, estimator, terms, estimate, std_error)
  written[[length(written) + 1]] <<- data.frame(
    case = case, estimator = estimator, term = terms, estimate = unname(estimate),
    std_error = unname(std_error))

# All covariances. `solve_it(w, start)` gives theta, scores and bread under weights w; `derived`
# gives named numbers that follow from theta, and from the weights.
keep_all <- function(estimator, terms, firms, solve_it, start, derived = NULL, has_model = TRUE) {
  write_case <- function(case, theta, covariance, by = w) {
    keep(case, estimator, terms, theta, sqrt(diag(covariance)))
    if (is.null(derived)) return(invisible())
    slopes <- jacobian(derived, theta, w = by)
    keep(case, estimator, names(derived(theta, by)), derived(theta, by),
         sqrt(diag(slopes %*% covariance %*% t(slopes))))
  }
  n <- nrow(firms)
  free <- solve_it(rep(1, n), start)
  k <- length(free$theta)
  influence <- free$scores %*% t(free$bread)
  ones <- rep(1, n)
  if (has_model) write_case("model", free$theta, free$bread, ones)
  write_case("HC0", free$theta, crossprod(influence), ones)
  write_case("HC1", free$theta, n / (n - k) * crossprod(influence), ones)
  # Weights of mean one give the same estimates, and spare Newton large numbers.
  w <- firms$weight / mean(firms$weight)
  weighted <- solve_it(w, free$theta)
  influence <- w * weighted$scores %*% t(weighted$bread)
  write_case("HC1_weighted", weighted$theta, n / (n - k) * crossprod(influence))
  sums <- rowsum(influence, firms$group)
  G <- nrow(sums)
  write_case("cluster_weighted", weighted$theta,
             G / (G - 1) * (n - 1) / (n - k) * crossprod(sums))
  design <- svydesign(ids = ~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame,
                      data = firms)
  influence <- weighted$scores %*% t(weighted$bread) / mean(firms$weight)
  write_case("design", weighted$theta, vcov(svytotal(influence, design)))
  groups <- sort(unique(firms$jackknife))
  thetas <- t(sapply(groups, function(g)
    solve_it(w * (firms$jackknife != g) * length(groups) / (length(groups) - 1),
             weighted$theta)$theta))
  write_case("replicate", weighted$theta,
             svrVar(thetas, scale = (length(groups) - 1) / length(groups),
                    rscales = rep(1, length(groups))))
  invisible(free)
}

save_as <- function(file, script, packages) {
  versions <- paste(packages, vapply(packages, function(p) as.character(packageVersion(p)), ""),
                    collapse = "; ")
  writeLines(sprintf("# %s; %s; written by %s from innovators.csv", R.version.string, versions,
                     script), file)
  table <- do.call(rbind, written)
  numbers <- vapply(table, is.numeric, logical(1))
  table[numbers] <- lapply(table[numbers], function(x) sprintf("%.17g", x))
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!numbers)))
}
