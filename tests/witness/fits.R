# Writes fits.csv and margins.csv beside this script. Run: Rscript fits.R (in this folder).
#
# Convergence is tightened, and survey's fits are restarted from their own solution: svyglm
# takes its working weights one iteration old, which costs a probit its sixth digit.
suppressPackageStartupMessages({library(survey); library(sandwich); library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$industry <- factor(firms$industry)
right <- ~ local + I(local^2) + world + log(employment) + graduates + exporter + industry +
  local:exporter
tight <- glm.control(epsilon = 1e-14, maxit = 200)
restarts <- 5
links <- c(logit = "logit", probit = "probit")

outcome <- function(estimator) if (estimator == "linear") "growth" else "product"
model <- function(estimator) update(right, paste(outcome(estimator), "~ ."))

plain <- function(estimator, data = firms, weights = NULL) {
  data$w <- if (is.null(weights)) rep(1, nrow(data)) else weights
  if (estimator == "linear") return(lm(model(estimator), data = data, weights = w))
  family <- if (is.null(weights)) binomial(links[[estimator]]) else quasibinomial(links[[estimator]])
  fit <- glm(model(estimator), family = family, data = data, weights = w, control = tight)
  for (i in seq_len(restarts))
    fit <- glm(model(estimator), family = family, data = data, weights = w, control = tight,
               start = coef(fit))
  fit
}

# do.call passes values: svyglm would look for the names in its own rooms.
surveyed <- function(estimator, design) {
  arguments <- list(model(estimator), design = design)
  if (estimator == "linear") return(do.call(svyglm, arguments))
  arguments <- c(arguments, list(family = quasibinomial(links[[estimator]]), control = tight))
  fit <- suppressWarnings(do.call(svyglm, arguments))
  for (i in seq_len(restarts))
    fit <- suppressWarnings(do.call(svyglm, c(arguments, list(start = coef(fit)))))
  fit
}

designs <- list(
  weights = svydesign(ids = ~1, weights = ~weight, data = firms),
  strata = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = firms),
  strata_population = svydesign(ids = ~1, strata = ~stratum, weights = ~weight,
                                fpc = ~firms_on_frame, data = firms),
  clusters = svydesign(ids = ~group, strata = ~stratum, weights = ~weight, data = firms),
  clusters_population = svydesign(ids = ~group, strata = ~stratum, weights = ~weight,
                                  fpc = ~groups_on_frame, data = firms)
)
designs$subpopulation <- subset(designs$clusters_population, manufacturer == 1)
designs$subpopulation$variables$industry <- droplevels(designs$subpopulation$variables$industry)

written <- list()
keep <- function(case, estimator, fit, covariance, df) {
  written[[length(written) + 1]] <<- data.frame(
    case = case, estimator = estimator, term = names(coef(fit)), estimate = unname(coef(fit)),
    std_error = unname(sqrt(diag(covariance))), df = df)
}
margins_written <- list()

# The link's derivative times the derivative of the linear predictor, by central differences
# with one step of Richardson on R's own model matrix; then the Jacobian by numDeriv.
matrix_at <- function(fit, data) model.matrix(delete.response(terms(fit)), data, xlev = fit$xlevels)
slope <- function(fit, eta) switch(
  if (inherits(fit, "glm")) family(fit)$link else "identity",
  identity = rep(1, length(eta)), logit = dlogis(eta), probit = dnorm(eta))
response <- function(fit, eta) switch(
  if (inherits(fit, "glm")) family(fit)$link else "identity",
  identity = eta, logit = plogis(eta), probit = pnorm(eta))

effect_functions <- function(fit, data, w) {
  shift <- function(v, h) {shifted <- data; shifted[[v]] <- data[[v]] + h; matrix_at(fit, shifted)}
  difference <- function(v, h) (shift(v, h) - shift(v, -h)) / (2 * h)
  X <- matrix_at(fit, data)
  share <- w / sum(w)
  effects <- list()
  for (v in c("local", "world", "employment", "graduates")) local({
    dX <- (4 * difference(v, 5e-4) - difference(v, 1e-3)) / 3
    effects[[v]] <<- function(b) sum(share * slope(fit, X %*% b) * (dX %*% b))
  })
  set <- function(v, value) {changed <- data; changed[[v]][] <- value; matrix_at(fit, changed)}
  change <- function(X1, X0) {
    force(X1); force(X0)
    function(b) sum(share * (response(fit, X1 %*% b) - response(fit, X0 %*% b)))
  }
  effects[["exporter"]] <- change(set("exporter", 1), set("exporter", 0))
  levels <- fit$xlevels$industry
  for (level in levels[-1])
    effects[[paste0("industry[", level, "]")]] <- change(set("industry", level), set("industry", levels[1]))
  effects
}

keep_margins <- function(case, estimator, fit, covariance, data, w) {
  effects <- effect_functions(fit, data, w)
  for (name in names(effects)) {
    gradient <- grad(effects[[name]], coef(fit))
    margins_written[[length(margins_written) + 1]] <<- data.frame(
      case = case, estimator = estimator, term = name, estimate = effects[[name]](coef(fit)),
      std_error = sqrt(drop(gradient %*% covariance %*% gradient)))
  }
}

complete <- firms[!is.na(firms$graduates), ]
for (estimator in c("linear", "logit", "probit")) {
  free <- plain(estimator)
  df <- if (estimator == "linear") free$df.residual else Inf
  keep("model", estimator, free, vcov(free), df)
  keep("HC1", estimator, free, vcovHC(free, type = "HC1"), df)
  keep_margins("HC1", estimator, free, vcovHC(free, type = "HC1"), complete, rep(1, nrow(complete)))
  clustered <- function(fit) vcovCL(fit, cluster = complete$group, type = "HC1", cadjust = TRUE)
  spare <- length(unique(complete$group)) - 1
  keep("cluster", estimator, free, clustered(free), spare)
  weighted <- plain(estimator, complete, complete$weight)
  keep("HC1_weighted", estimator, weighted, vcovHC(weighted, type = "HC1"), df)
  keep("cluster_weighted", estimator, weighted, clustered(weighted), spare)
  for (name in names(designs)) {
    fit <- surveyed(estimator, designs[[name]])
    keep(paste0("design_", name), estimator, fit, vcov(fit), fit$df.residual)
  }
  fit <- surveyed(estimator, designs$clusters_population)
  keep_margins("design_clusters_population", estimator, fit, vcov(fit), complete, complete$weight)
  makers <- complete[complete$manufacturer == 1, ]
  makers$industry <- droplevels(makers$industry)
  fit <- surveyed(estimator, designs$subpopulation)
  keep_margins("design_subpopulation", estimator, fit, vcov(fit), makers, makers$weight)
}

header <- sprintf("# %s; survey %s; sandwich %s; numDeriv %s; written by fits.R from firms.csv",
                  R.version.string, packageVersion("survey"), packageVersion("sandwich"),
                  packageVersion("numDeriv"))
save_as <- function(file, parts) {
  writeLines(header, file)
  table <- do.call(rbind, parts)
  numbers <- vapply(table, is.numeric, logical(1))
  table[numbers] <- lapply(table[numbers], function(x) sprintf("%.17g", x))
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!numbers)))
}
save_as("fits.csv", written)
save_as("margins.csv", margins_written)
