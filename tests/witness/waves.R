# Two waves as one data set, with firms as clusters: what the whole way from the answers of two
# waves to the table is held against. Written by: Rscript waves.R
suppressMessages({library(survey); library(plm)})

d <- read.csv("waves_firms.csv")
d$good <- as.numeric(d$new_good == "yes")
d$lp <- log(d$persons)
d$later <- as.numeric(d$wave == 2025)
before <- d[d$wave == 2023, ]
# A firm stays in the stratum of its first wave.
first <- d[!duplicated(d$firm), c("firm", "stratum")]
d$first_stratum <- first$stratum[match(d$firm, first$firm)]
at <- match(d$firm, before$firm)
for (name in c("lp", "exports", "good"))
  d[[paste0("lag_", name)]] <- ifelse(d$later == 1, before[[name]][at], NA)
d$change_lp <- d$lp - d$lag_lp

out <- list()
keep <- function(model, table) {
  out[[length(out) + 1]] <<- data.frame(
    model = model, term = rownames(table),
    estimate = sprintf("%.16g", table[, 1]), std_error = sprintf("%.16g", table[, 2]))
}
tight <- glm.control(epsilon = 1e-14, maxit = 100)
# R takes the information of the step before the last: from the summit itself they are the same.
logit <- function(formula, design) {
  fit <- function(start) svyglm(formula, design, family = quasibinomial(), control = tight,
                                start = start)
  coef(summary(fit(coef(fit(NULL)))))
}
design <- svydesign(ids = ~firm, strata = ~first_stratum, weights = ~weight, data = d)
keep("pooled_linear", coef(summary(svyglm(lp ~ exports + later, design))))
keep("pooled_logit", logit(good ~ lp + exports + later, design))
pairs <- subset(design, !is.na(lag_lp))
keep("change_on_lags", coef(summary(svyglm(change_lp ~ lag_exports + lag_lp, pairs))))
keep("logit_on_lags", logit(good ~ lag_good + lag_exports, pairs))
keep("mean_of_change", coef(summary(svyglm(change_lp ~ 1, pairs))))

panel <- pdata.frame(d, index = c("firm", "wave"))
keep("within", coef(summary(plm(lp ~ exports + good + later, panel, model = "within"))))

stayed <- d[!is.na(d$lag_lp), ]
keep("belderbos", coef(summary(lm(change_lp ~ lag_lp + lag_exports, stayed))))
keep("cross_own", coef(summary(lm(lp ~ lag_lp + lag_exports, stayed))))
keep("cross_other", coef(summary(lm(exports ~ lag_lp + lag_exports, stayed))))

path <- "waves.csv"
cat("# R", as.character(getRversion()), "survey", as.character(packageVersion("survey")),
    "plm", as.character(packageVersion("plm")), "; written by waves.R\n", file = path)
suppressWarnings(write.table(do.call(rbind, out), path, append = TRUE, sep = ",",
                             row.names = FALSE, quote = TRUE))
