# Writes acti.csv beside this script: coefficients and standard errors only, no data.
# Run: Rscript acti.R [PATH/ec_acti_2012_2014.csv] (INEC/Senescyt, ACTI 2012-2014), by default
# from the folder of real data beside the project; where that is absent nothing is written.
suppressPackageStartupMessages({library(survey); library(sandwich)})
path <- c(commandArgs(trailingOnly = TRUE), "../../../shared/data/ec_acti_2012_2014.csv")[1]
if (!file.exists(path)) {
  message("acti.R: there is no ", path, "; acti.csv is left as it is.")
  quit(status = 0)
}
firms <- read.csv(path)

boxes <- function(letter, places) firms[paste0("viii_3_", letter, "_", places)]
partners <- function(places)
  rowSums(sapply(letters[1:10], function(letter) rowSums(boxes(letter, places) == 1, na.rm = TRUE) > 0))
firms$home <- partners(1)
firms$latin_america <- partners(2)
firms$farther <- partners(3:7)
firms$product <- as.integer(rowSums(firms[paste0("iii_1_", letters[1:4])] == 1, na.rm = TRUE) > 0)
firms$process <- as.integer(rowSums(firms[c("iv_1_a", "iv_1_b")] == 1, na.rm = TRUE) > 0)
novelty <- do.call(pmax, c(firms[paste0("iii_1_", letters[1:4], "_1")], na.rm = TRUE))
firms$market <- as.integer(!is.na(novelty) & novelty >= 2)
firms$foreign <- as.integer(firms$foreign_pct >= 10)
firms$exporter <- as.integer(firms$export_share > 0)
firms$grad_share[is.na(firms$grad_share)] <- 0
firms$ln_age <- log(firms$age)
firms$pichincha <- as.integer(firms$province == 17)
firms$guayas <- as.integer(firms$province == 9)
firms$sector4 <- factor(firms$sector4)

right <- "home + latin_america + farther + ln_emp + foreign + group + exporter + rd_any +
  grad_share + ln_age + pichincha + guayas + sector4"
tight <- glm.control(epsilon = 1e-14, maxit = 200)
written <- list()
keep <- function(model, fit, covariance, n)
  written[[length(written) + 1]] <<- data.frame(
    model = model, n = n, term = names(coef(fit)), estimate = sprintf("%.17g", coef(fit)),
    std_error = sprintf("%.17g", sqrt(diag(covariance))))

for (outcome in c("product", "market", "process")) {
  formula <- as.formula(paste(outcome, "~", right))
  fit <- glm(formula, family = binomial, data = firms, control = tight)
  fit <- glm(formula, family = binomial, data = firms, control = tight, start = coef(fit))
  keep(outcome, fit, vcovHC(fit, type = "HC1"), nobs(fit))
}
formula <- as.formula(paste("market ~", right))
fit <- glm(formula, family = quasibinomial, data = firms, weights = weight, control = tight)
fit <- glm(formula, family = quasibinomial, data = firms, weights = weight, control = tight, start = coef(fit))
keep("market_weighted_HC1", fit, vcovHC(fit, type = "HC1"), nobs(fit))
design <- svydesign(ids = ~1, weights = ~weight, data = firms)
fit <- svyglm(formula, design = design, family = quasibinomial, control = tight)
for (i in 1:5) fit <- svyglm(formula, design = design, family = quasibinomial, control = tight, start = coef(fit))
keep("market_weighted_design", fit, vcov(fit), nrow(fit$model))

writeLines(sprintf("# %s; survey %s; sandwich %s; written by acti.R; INEC/Senescyt, ACTI 2012-2014",
                   R.version.string, packageVersion("survey"), packageVersion("sandwich")), "acti.csv")
suppressWarnings(write.table(do.call(rbind, written), "acti.csv", append = TRUE, sep = ",",
                             row.names = FALSE, quote = FALSE))
