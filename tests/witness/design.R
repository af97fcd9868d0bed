# Writes design.csv, its data (design_*.csv) and R's replicate weights (design_replicates.csv)
# beside this script. Run: Rscript design.R (in this folder).
#
# survey 4.1 centres a lonely unit at zero (adjust), later versions at the mean of all units:
# for totals that is written out below from the formula; for means and regressions both agree.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17, warn = 1)
data(api); data(mu284); data(scd)

number <- function(x) sprintf("%.17g", x)
write_data <- function(file, data) {
  for (v in names(data)) if (is.numeric(data[[v]])) data[[v]] <- number(as.vector(data[[v]]))
  write.csv(data, file, row.names = FALSE, quote = FALSE)
}
shared <- c("stype", "api00", "api99", "ell", "meals", "mobility", "sch.wide", "comp.imp", "pw")
write_data("design_apistrat.csv", apistrat[, c(shared, "fpc")])
write_data("design_apiclus1.csv", apiclus1[, c(shared, "dnum", "fpc")])
write_data("design_apiclus2.csv", apiclus2[, c(shared, "dnum", "snum", "fpc1", "fpc2")])
write_data("design_mu284.csv", as.data.frame(mu284)[, c("id1", "n1", "id2", "y1", "n2")])
scd$w <- c(10, 12, 8, 8, 15, 14)
write_data("design_scd.csv", scd)
firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
in_group <- as.vector(table(firms$group)[firms$group])
firms$in_group <- ifelse(in_group == 1, 1, 3 * in_group)
kind <- paste(firms$group, firms$exporter)
in_kind <- as.vector(table(kind)[kind])
firms$in_kind <- ifelse(in_kind == 1, 1, 2 * in_kind)
firms$lone <- firms$stratum
firms$lone[c(1, 200)] <- c("lone one", "lone two")
firms$share <- ave(firms$weight, firms$stratum, FUN = length) / firms$firms_on_frame
firms$school <- firms$growth

written <- list()
keep <- function(case, statistic, estimate, std_error, df)
  written[[length(written) + 1]] <<- data.frame(case, statistic, estimate, std_error, df)
keep_statistic <- function(case, name, x, df)
  keep(case, name, unname(coef(x))[1], unname(SE(x))[1], df)
tight <- glm.control(epsilon = 1e-14, maxit = 200)

# A total, a mean, a linear regression and a logit.
everything <- function(case, design, y, model, binary = NULL) {
  df <- degf(design)
  formula <- as.formula(paste("~", y))
  keep_statistic(case, "total", svytotal(formula, design), df)
  keep_statistic(case, "mean", svymean(formula, design), df)
  fit <- do.call(svyglm, list(model, design = design))
  keep(case, names(coef(fit)), unname(coef(fit)), unname(sqrt(diag(vcov(fit)))), fit$df.residual)
  if (!is.null(binary)) {
    arguments <- list(binary, design = design, family = quasibinomial(), control = tight)
    for (i in 1:4) {
      fit <- suppressWarnings(do.call(svyglm, arguments))
      arguments$start <- coef(fit)
    }
    keep(case, paste("logit", names(coef(fit))), unname(coef(fit)), unname(sqrt(diag(vcov(fit)))),
         fit$df.residual)
  }
}
schools <- function(case, design) everything(case, design, "api00", api00 ~ ell + meals + mobility)
of_firms <- function(case, design)
  everything(case, design, "growth", growth ~ world + log(employment) + exporter,
             product ~ world + log(employment) + exporter)

apistrat_design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
apiclus1_design <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
apiclus2_design <- svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2, fpc = ~fpc1 + fpc2)
schools("apistrat", apistrat_design)
schools("apiclus1", apiclus1_design)
schools("apiclus2", apiclus2_design)
schools("apiclus2 elementary", subset(apiclus2_design, stype == "E"))
mu284_design <- svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284)
keep_statistic("mu284", "total", svytotal(~y1, mu284_design), degf(mu284_design))
keep_statistic("mu284", "mean", svymean(~y1, mu284_design), degf(mu284_design))

two_stages <- svydesign(id = ~group + firm, strata = ~stratum, weights = ~weight, data = firms,
                        fpc = ~groups_on_frame + in_group)
of_firms("firms two stages", two_stages)
of_firms("firms two stages manufacturers", subset(two_stages, manufacturer == 1))
firms$kind <- paste(firms$exporter)
of_firms("firms strata in groups",
         svydesign(id = ~group + firm, strata = ~stratum + kind, weights = ~weight, data = firms,
                   fpc = ~groups_on_frame + in_kind))
of_firms("firms shares", svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = firms,
                                   fpc = ~share))

lone <- svydesign(id = ~1, strata = ~lone, weights = ~weight, data = firms)
for (policy in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = policy)
  of_firms(paste("lonely", policy), lone)
  of_firms(paste("lonely", policy, "manufacturers"), subset(lone, manufacturer == 1))
}
options(survey.lonely.psu = "fail")
adjusted_total <- function(inside) {
  z <- firms$weight * firms$growth * inside
  reached <- firms$lone %in% firms$lone[inside]
  centre <- sum(z) / sum(reached)
  V <- 0
  for (s in unique(firms$lone[reached])) {
    zs <- z[firms$lone == s]
    n <- length(zs)
    V <- V + if (n == 1) (zs - centre)^2 else n / (n - 1) * sum((zs - mean(zs))^2)
  }
  c(sum(z), sqrt(V))
}
for (case in c("", " manufacturers")) {
  found <- adjusted_total(if (case == "") rep(TRUE, nrow(firms)) else firms$manufacturer == 1)
  keep(paste0("lonely adjust at the mean", case), "total", found[1], found[2], NA)
}

replicates <- list()
keep_replicates <- function(case, design) {
  w <- weights(design, "analysis")
  replicates[[length(replicates) + 1]] <<- data.frame(
    case, row = rep(seq_len(nrow(w)), ncol(w)), replicate = rep(seq_len(ncol(w)), each = nrow(w)),
    weight = as.vector(w), scale = design$scale,
    rscale = rep(design$rscales, each = nrow(w)))
}
as_replicates <- function(design, ...) suppressWarnings(as.svrepdesign(design, ...))
schools("JKn apistrat", as_replicates(apistrat_design, type = "JKn"))
schools("JKn mse apistrat", as_replicates(apistrat_design, type = "JKn", mse = TRUE))
schools("JK1 apiclus1", as_replicates(apiclus1_design, type = "JK1"))
schools("JK1 apiclus1 elementary", subset(as_replicates(apiclus1_design, type = "JK1"), stype == "E"))
groups <- svydesign(id = ~group, strata = ~stratum, weights = ~weight, data = firms,
                    fpc = ~groups_on_frame)
of_firms("JKn firms", as_replicates(groups, type = "JKn"))
set.seed(11)
boot <- as_replicates(apiclus1_design, type = "subbootstrap", replicates = 20)
schools("Rao-Wu apiclus1", boot); keep_replicates("Rao-Wu apiclus1", boot)
boot <- as_replicates(svydesign(id = ~dnum, weights = ~pw, data = apiclus1), type = "bootstrap",
                      replicates = 20)
schools("bootstrap apiclus1", boot); keep_replicates("bootstrap apiclus1", boot)
for (policy in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = policy)
  of_firms(paste("JKn lonely", policy), as_replicates(lone, type = "JKn"))
}
options(survey.lonely.psu = "fail")

pairs <- function(case, design) {
  df <- degf(design)
  keep_statistic(case, "total", svytotal(~alive, design), df)
  keep_statistic(case, "mean", svymean(~alive, design), df)
  fit <- svyglm(alive ~ arrests, design)
  keep(case, names(coef(fit)), unname(coef(fit)), unname(sqrt(diag(vcov(fit)))), df)
  keep_replicates(case, design)
}
halves <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
pairs("BRR scd given", suppressWarnings(
  svrepdesign(data = scd, type = "BRR", repweights = halves, weights = ~w, combined.weights = FALSE)))
scd_design <- svydesign(id = ~ambulance, strata = ~ESA, weights = ~w, data = scd, nest = TRUE)
pairs("BRR scd", as_replicates(scd_design, type = "BRR"))
pairs("Fay scd", as_replicates(scd_design, type = "Fay", fay.rho = 0.3))

header <- sprintf("# %s; survey %s; written by design.R", R.version.string, packageVersion("survey"))
save_as <- function(file, parts) {
  writeLines(header, file)
  table <- do.call(rbind, parts)
  numbers <- vapply(table, is.numeric, logical(1))
  table[numbers] <- lapply(table[numbers], number)
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!numbers)))
}
save_as("design.csv", written)
save_as("design_replicates.csv", replicates)
