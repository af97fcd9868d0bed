# Writes core.csv (coefficients and standard errors), core_margins.csv and core_replicates.csv
# (R's jackknife factors) beside this script. Run: Rscript core.R (in this folder).
#
# Fits are restarted from their own solution until they stand still: R stops on the deviance and
# takes its working weights one iteration old, which costs probit and cloglog their sixth digit.
suppressPackageStartupMessages({library(survey); library(sandwich); library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$industry <- factor(firms$industry)
# A share with both ends, a count with a tail, years of activity, a second way of clustering.
firms$share <- pmin(1, pmax(0, 2 * (firms$graduates - 0.05)))
firms$count <- firms$world * (1 + firms$firm %% 4)
firms$years <- 1 + firms$firm %% 5
firms$wing <- paste(firms$industry, firms$stratum)
firms <- firms[!is.na(firms$graduates), ]
tight <- glm.control(epsilon = 1e-15, maxit = 500)
restarts <- 25

estimators <- list(
  linear = list(y = "growth", family = gaussian(), free = gaussian()),
  logit = list(y = "product", family = quasibinomial(), free = binomial()),
  probit = list(y = "product", family = quasibinomial("probit"), free = binomial("probit")),
  cloglog = list(y = "product", family = quasibinomial("cloglog"), free = binomial("cloglog")),
  fractional_logit = list(y = "share", family = quasibinomial(), free = quasibinomial()),
  fractional_probit = list(y = "share", family = quasibinomial("probit"),
                           free = quasibinomial("probit")),
  poisson = list(y = "count", family = quasipoisson(), free = poisson()),
  poisson_exposure = list(y = "count", family = quasipoisson(), free = poisson(), offset = TRUE))
right <- "local + I(local^2) + log(employment) + exporter + industry + local:exporter"
formula_of <- function(e) as.formula(paste(
  e$y, "~", right, if (isTRUE(e$offset)) "+ offset(log(years))"))

plain <- function(e, w = NULL, data = firms, start = NULL) {
  data$w <- if (is.null(w)) rep(1, nrow(data)) else w
  family <- if (is.null(w)) e$free else e$family
  if (e$family$family == "gaussian") return(lm(formula_of(e), data = data, weights = w))
  fit <- glm(formula_of(e), family = family, data = data, weights = w, control = tight, start = start)
  for (i in seq_len(restarts)) {
    before <- coef(fit)
    fit <- glm(formula_of(e), family = family, data = data, weights = w, control = tight,
               start = before)
    if (max(abs(coef(fit) / before - 1)) < 1e-15) break
  }
  fit
}
surveyed <- function(e, design) {
  arguments <- list(formula_of(e), design = design)
  if (e$family$family == "gaussian") return(do.call(svyglm, arguments))
  arguments <- c(arguments, list(family = e$family, control = tight))
  fit <- suppressWarnings(do.call(svyglm, arguments))
  for (i in seq_len(restarts)) {
    before <- coef(fit)
    fit <- suppressWarnings(do.call(svyglm, c(arguments, list(start = before))))
    if (max(abs(coef(fit) / before - 1)) < 1e-15) break
  }
  fit
}

full <- svydesign(ids = ~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame,
                  data = firms)
designs <- list(
  weights = svydesign(ids = ~1, weights = ~weight, data = firms),
  full = full,
  domain = subset(full, manufacturer == 1))
designs$domain$variables$industry <- droplevels(designs$domain$variables$industry)
jackknives <- list(replicate = as.svrepdesign(full, type = "JKn"),
                   replicate_mse = as.svrepdesign(full, type = "JKn", mse = TRUE))

written <- list()
keep <- function(case, estimator, estimate, std_error, df)
  written[[length(written) + 1]] <<- data.frame(
    case, estimator, term = names(estimate), estimate = unname(estimate),
    std_error = unname(std_error), df)
keep_fit <- function(case, estimator, fit, covariance, df)
  keep(case, estimator, coef(fit), sqrt(diag(covariance)), df)

# Cameron, Gelbach & Miller (2011): each of the three parts with its own G / (G - 1), all with
# (n - 1) / (n - k): cadjust = TRUE and type = "HC1" (for a glm not the default), multi0 = FALSE.
one_way <- function(fit) vcovCL(fit, cluster = firms$group, type = "HC1", cadjust = TRUE)
two_way <- function(fit) vcovCL(fit, cluster = firms[c("group", "wing")], type = "HC1",
                                cadjust = TRUE, multi0 = FALSE)
groups <- length(unique(firms$group))

for (name in names(estimators)) {
  e <- estimators[[name]]
  for (how in c("", "_weighted")) {
    fit <- plain(e, if (how == "") NULL else firms$weight)
    df <- if (name == "linear") fit$df.residual else Inf
    if (how == "" && !startsWith(name, "fractional")) keep_fit("model", name, fit, vcov(fit), df)
    for (type in c("HC0", "HC1", "HC2", "HC3"))
      keep_fit(paste0(type, how), name, fit, vcovHC(fit, type = type), df)
    keep_fit(paste0("cluster", how), name, fit, one_way(fit), groups - 1)
    keep_fit(paste0("two_way", how), name, fit, two_way(fit), length(unique(firms$wing)) - 1)
  }
  for (case in names(designs)) {
    fit <- surveyed(e, designs[[case]])
    keep_fit(paste0("design_", case), name, fit, vcov(fit), fit$df.residual)
  }
  centre <- coef(surveyed(e, full))
  for (case in names(jackknives)) {
    again <- withReplicates(jackknives[[case]], function(w, data)
      coef(plain(e, w, data, start = if (name == "linear") NULL else centre)))
    keep(case, name, centre, SE(again), degf(jackknives[[case]]) + 1 - length(centre))
  }
}

# Margins: functions of the coefficients, written out; the Jacobian by numDeriv.
matrix_at <- function(fit, data) model.matrix(delete.response(terms(fit)), data, xlev = fit$xlevels)
turning <- function(fit, data, v) {
  X <- 0 * matrix_at(fit, data)
  if (v == "local") {
    X[, "local"] <- 1
    X[, "I(local^2)"] <- 2 * data$local
    X[, "local:exporter"] <- data$exporter
  } else X[, "log(employment)"] <- 1 / data$employment
  X
}
link_of <- function(fit) if (inherits(fit, "glm")) family(fit) else gaussian()
# make.link keeps fitted values off their bounds; here they are far from them.
slope_kinds <- list(
  dydx = function(slope, value, x) slope, eyex = function(slope, value, x) slope * x / value,
  eydx = function(slope, value, x) slope / value, dyex = function(slope, value, x) slope * x)
slopes <- function(fit, data, share, v, kind) {
  X <- matrix_at(fit, data); dX <- turning(fit, data, v); link <- link_of(fit)
  function(b) {
    eta <- drop(X %*% b)
    sum(share * slope_kinds[[kind]](link$mu.eta(eta) * drop(dX %*% b), link$linkinv(eta), data[[v]]))
  }
}
set <- function(data, ...) {
  values <- list(...)
  for (v in names(values)) data[[v]] <- rep(values[[v]], nrow(data))
  data
}
averaged <- function(fit, data, share) {
  X <- matrix_at(fit, data); link <- link_of(fit)
  function(b) sum(share * link$linkinv(drop(X %*% b)))
}
less <- function(f, g) {force(f); force(g); function(b) f(b) - g(b)}
margins_written <- list()
keep_margin <- function(case, estimator, what, term, f, fit, covariance) {
  gradient <- grad(f, coef(fit))
  margins_written[[length(margins_written) + 1]] <<- data.frame(
    case, estimator, what, term, estimate = f(coef(fit)),
    std_error = sqrt(drop(gradient %*% covariance %*% gradient)))
}
keep_margins <- function(case, estimator, fit, covariance, data, w) {
  share <- w / sum(w)
  record <- function(what, term, f) keep_margin(case, estimator, what, term, f, fit, covariance)
  level <- function(...) averaged(fit, set(data, ...), share)
  kinds <- if (estimator == "linear") c("dydx", "dyex") else names(slope_kinds)
  for (kind in kinds) for (v in c("local", "employment"))
    record(kind, v, slopes(fit, data, share, v, kind))
  record("dydx", "exporter", less(level(exporter = 1), level(exporter = 0)))
  for (to in levels(data$industry)[-1])
    record("dydx", paste0("industry[", to, "]"), less(level(industry = to), level(industry = "food")))
  for (value in c(10, 50, 250))
    record("prediction", paste("employment =", value), level(employment = value))
  record("prediction_exporter", "local = 3", level(local = 3, exporter = 1))
  record("contrast", "local: 1 to 4", less(level(local = 4), level(local = 1)))
  common <- names(which.max(tapply(w, data$industry, sum)))
  typical <- set(data[1, ], local = sum(share * data$local), employment = sum(share * data$employment),
                 exporter = sum(share * data$exporter), industry = common)
  typical$industry <- factor(typical$industry, levels(data$industry))
  for (v in c("local", "employment")) record("at_means", v, slopes(fit, typical, 1, v, "dydx"))
}
for (name in setdiff(names(estimators), "poisson_exposure")) {
  fit <- plain(estimators[[name]])
  keep_margins("HC1", name, fit, vcovHC(fit, type = "HC1"), firms, rep(1, nrow(firms)))
  fit <- surveyed(estimators[[name]], full)
  keep_margins("design_full", name, fit, vcov(fit), firms, firms$weight)
}

# The factors of the jackknife by group, where they are not one.
factors <- weights(jackknives$replicate, type = "replication")
one_of_each <- !duplicated(firms$group)
factors_written <- list()
for (r in seq_len(ncol(factors))) {
  changed <- which(one_of_each & abs(factors[, r] - 1) > 1e-12)
  factors_written[[r]] <- data.frame(
    replicate = r, group = firms$group[changed], factor = factors[changed, r],
    rscale = jackknives$replicate$rscales[r] * jackknives$replicate$scale)
}

header <- sprintf("# %s; survey %s; sandwich %s; numDeriv %s; written by core.R from firms.csv",
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
save_as("core.csv", written)
save_as("core_margins.csv", margins_written)
save_as("core_replicates.csv", factors_written)
