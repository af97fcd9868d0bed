# Functions that ordered.R, multinomial.R and censored.R share; alone it does nothing.
#
# A package maximises the weighted likelihood and gives the inverse information; scores are
# written by hand in each script, and checked to be the derivatives of the log-likelihood. From
# these, the sandwiches are formed here and the design-based covariance by survey::svytotal.
suppressPackageStartupMessages({library(survey); library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$industry <- factor(firms$industry)
right <- ~ local + I(local^2) + world + log(employment) + graduates + exporter + industry +
  local:exporter
answered <- !is.na(firms$graduates)
makers <- firms$manufacturer == 1

# Matrix of regressors with a column of ones, of the firms that are in.
regressors <- function(inside) model.matrix(right, droplevels(firms[inside, ]))

designs <- list(
  weights = svydesign(ids = ~1, weights = ~weight, data = firms),
  clusters_population = svydesign(ids = ~group, strata = ~stratum, weights = ~weight,
                                  fpc = ~groups_on_frame, data = firms)
)
# Replicate weights that any language can make: twelve, V = 0.1 * sum (theta_r - theta)^2.
replicate_weight <- function(r) firms$weight * (1 + 0.5 * sin(r * firms$firm))

written <- list()
keep <- function(case, estimator, terms, estimate, std_error) {
  written[[length(written) + 1]] <<- data.frame(
    case = case, estimator = estimator, term = terms, estimate = unname(estimate),
    std_error = unname(std_error))
}

# solve(w) gives list(theta, information^-1) of the firms inside under weights w of mean one;
# log_density(theta) and score(theta) are of the same firms.
witnessed <- function(estimator, terms, inside, model, cases) {
  n <- sum(inside); k <- length(terms)
  se <- function(V) sqrt(diag(V))
  for (case in cases) {
    is_weighted <- !(case %in% c("model", "HC0", "HC1", "cluster"))
    w <- if (is_weighted) firms$weight[inside] else rep(1, n)
    fit <- model$solve(w / mean(w))
    score <- model$score(fit$theta)
    by_difference <- grad(function(b) sum(w / mean(w) * model$log_density(b)), fit$theta)
    at_hand <- colSums(w / mean(w) * score)
    trial <- fit$theta * 1.01 + 0.001
    stopifnot(max(abs(at_hand)) < 1e-10, max(abs(by_difference)) < 1e-4,
              all.equal(colSums(model$score(trial)),
                        unname(grad(function(b) sum(model$log_density(b)), trial)),
                        tolerance = 1e-6, check.attributes = FALSE))
    influence <- (w / mean(w) * score) %*% fit$inverse
    sums <- rowsum(influence, firms$group[inside]); G <- nrow(sums)
    V <- switch(sub("_weighted$", "", case),
      model = fit$inverse,
      HC0 = crossprod(influence),
      HC1 = n / (n - k) * crossprod(influence),
      cluster = G / (G - 1) * (n - 1) / (n - k) * crossprod(sums),
      design_weights = by_survey(designs$weights, score, fit$inverse, inside),
      design_clusters = , design_subpopulation =
        by_survey(designs$clusters_population, score, fit$inverse, inside),
      replicate = by_replicates(model, fit$theta, inside))
    keep(case, estimator, terms, fit$theta, se(V))
  }
}

by_survey <- function(design, score, inverse, inside) {
  U <- matrix(0, nrow(firms), ncol(score))
  U[inside, ] <- score %*% inverse / mean(firms$weight[inside])
  vcov(svytotal(U, design))
}

by_replicates <- function(model, theta, inside) {
  V <- 0
  for (r in 1:12) {
    w <- replicate_weight(r)[inside]
    V <- V + 0.1 * tcrossprod(model$solve(w / mean(w))$theta - theta)
  }
  V
}

every_case <- c("model", "HC0", "HC1", "cluster", "HC1_weighted", "cluster_weighted",
                "design_weights", "design_clusters", "replicate")

save_witness <- function(script, packages) {
  versions <- paste(sprintf("%s %s", packages, sapply(packages, function(p)
    as.character(packageVersion(p)))), collapse = "; ")
  file <- sub("R$", "csv", script)
  writeLines(sprintf("# %s; %s; written by %s from firms.csv", R.version.string, versions, script),
             file)
  table <- do.call(rbind, written)
  numbers <- vapply(table, is.numeric, logical(1))
  table[numbers] <- lapply(table[numbers], function(x) sprintf("%.17g", x))
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!numbers)))
}
