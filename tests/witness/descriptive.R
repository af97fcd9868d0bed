# Writes descriptive.csv beside this script, and the data it is of but for firms.csv (the schools
# and the tenth of nhanes that come with R's survey). Run: Rscript descriptive.R (in this folder).
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
data(api)
data(nhanes)
schools <- c("dnum", "stype", "pw", "fpc", "api00", "api99", "enroll", "meals", "sch.wide", "awards")
kept <- function(data) {
  data <- data[, schools]
  names(data)[names(data) == "sch.wide"] <- "target"
  data$target <- as.integer(data$target == "Yes")
  data$awards <- as.character(data$awards)
  data$stype <- as.character(data$stype)
  data
}
apistrat <- kept(apistrat)
apiclus1 <- kept(apiclus1)
nhanes <- nhanes[seq(1, nrow(nhanes), 10), ]
names(nhanes) <- tolower(names(nhanes))
nhanes$agecat <- as.character(nhanes$agecat)
for (name in c("apistrat", "apiclus1", "nhanes"))
  write.csv(get(name), paste0("descriptive_", name, ".csv"), row.names = FALSE, na = "")

rows <- list()
note <- function(case, statistic, term, quantity, value)
  rows[[length(rows) + 1]] <<- data.frame(case, statistic, term, quantity, value = as.numeric(value))

# `by` groups are terms; the covariance of the groups is noted too.
by_groups <- function(case, statistic, y, by, design, FUN, ...) {
  found <- svyby(y, by, design, FUN, covmat = TRUE, keep.names = TRUE, ...)
  terms <- rownames(found)
  note(case, statistic, terms, "estimate", coef(found))
  note(case, statistic, terms, "std_error", SE(found))
  v <- vcov(found)
  for (j in seq_along(terms)) note(case, statistic, terms, paste("covariance", terms[j]), v[, j])
  found
}

plain <- function(case, statistic, found, df) {
  note(case, statistic, "", "estimate", coef(found))
  note(case, statistic, "", "std_error", SE(found))
  ends <- confint(found, df = df)
  note(case, statistic, "", "lower", ends[, 1])
  note(case, statistic, "", "upper", ends[, 2])
}

effects <- function(case, statistic, FUN, y, design) {
  note(case, statistic, "", "deff", deff(FUN(y, design, deff = TRUE, na.rm = TRUE)))
  note(case, statistic, "", "deff_replace", deff(FUN(y, design, deff = "replace", na.rm = TRUE)))
}

# number: a formula; share: of 0 and 1; by: groups; table: two classifications
asked <- function(case, design, number, denominator, share, by, table, correlated) {
  df <- degf(design)
  note(case, "design", "", "df", df)
  plain(case, "total", svytotal(number, design, na.rm = TRUE), df)
  plain(case, "mean", svymean(number, design, na.rm = TRUE), df)
  effects(case, "total", svytotal, number, design)
  effects(case, "mean", svymean, number, design)
  plain(case, "ratio", svyratio(number, denominator, design, na.rm = TRUE), df)
  note(case, "ratio", "", "deff", attr(svyratio(number, denominator, design, deff = TRUE, na.rm = TRUE), "deff"))
  plain(case, "variance", svyvar(number, design, na.rm = TRUE), df)
  for (method in c("logit", "xlogit", "beta", "mean")) {
    found <- svyciprop(share, design, method = method)
    ends <- attr(found, "ci")
    note(case, "share", method, "estimate", coef(found))
    note(case, "share", method, "std_error", SE(found))
    note(case, "share", method, "lower", ends[[1]])
    note(case, "share", method, "upper", ends[[2]])
  }
  quantiles <- c(0.25, 0.5, 0.8)
  for (type in c("mean", "xlogit", "beta")) {
    found <- svyquantile(number, design, quantiles, interval.type = type, na.rm = TRUE)[[1]]
    # R's is of the class of whatever it can be: a matrix with the quantile, its limits, its error.
    found <- unclass(found)
    for (position in seq_along(quantiles)) {
      values <- as.numeric(found[position, ])
      note(case, "quantile", paste(type, quantiles[position]),
           c("estimate", "lower", "upper", "std_error"), values)
    }
  }
  means <- by_groups(case, "mean_by", number, by, design, svymean, na.rm = TRUE)
  by_groups(case, "total_by", number, by, design, svytotal, na.rm = TRUE)
  groups <- nrow(means)
  weights <- c(-1, 1, rep(0, groups - 2))
  contrast <- svycontrast(means, weights)
  note(case, "contrast", "", "estimate", coef(contrast))
  note(case, "contrast", "", "std_error", SE(contrast))
  shares <- svyby(share, by, design, svymean, deff = TRUE, na.rm = TRUE)
  note(case, "share_by", rownames(shares), "deff", deff(shares))
  v <- svyvar(correlated, design, na.rm = TRUE)
  p <- nrow(v)
  pairs <- which(upper.tri(v, diag = TRUE), arr.ind = TRUE)
  errors <- matrix(sqrt(diag(attr(v, "var"))), p)
  for (i in seq_len(nrow(pairs))) {
    a <- pairs[i, 1]
    b <- pairs[i, 2]
    term <- paste0(rownames(v)[a], ", ", rownames(v)[b])
    note(case, "covariance", term, "estimate", v[a, b])
    note(case, "covariance", term, "std_error", errors[a, b])
  }
  for (statistic in c("F", "Chisq", "Wald", "adjWald")) {
    test <- svychisq(table, design, statistic = statistic)
    note(case, "association", statistic, "statistic", test$statistic)
    note(case, "association", statistic, "p_value", test$p.value)
    note(case, "association", statistic, "df1", test$parameter[1])
    if (length(test$parameter) > 1) note(case, "association", statistic, "df2", test$parameter[2])
  }
  cells <- svytotal(eval(bquote(~interaction(.(table[[2]][[2]]), .(table[[2]][[3]])))), design)
  names <- sub("^interaction\\(.*\\)", "", names(cells))
  note(case, "count", names, "estimate", coef(cells))
  note(case, "count", names, "std_error", SE(cells))
  row_shares <- svyby(eval(bquote(~factor(.(table[[2]][[3]])))), eval(bquote(~.(table[[2]][[2]]))),
                      design, svymean)
  k <- (ncol(row_shares) - 1) / 2
  for (j in seq_len(k)) {
    level <- sub("^factor\\(.*\\)", "", names(row_shares)[1 + j])
    note(case, "row_share", paste(rownames(row_shares), level, sep = ", "), "estimate", row_shares[, 1 + j])
    note(case, "row_share", paste(rownames(row_shares), level, sep = ", "), "std_error",
         row_shares[, 1 + k + j])
  }
}

ask_firms <- function(case, design)
  asked(case, design, ~employment, ~I(local + 1), ~product, ~industry, ~industry + product,
        ~employment + growth + local)
weighted <- svydesign(~1, weights = ~weight, data = firms)
full <- svydesign(~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame, data = firms)
ask_firms("firms_weights", weighted)
ask_firms("firms_full", full)
ask_firms("firms_subpopulation", subset(full, manufacturer == 1))

# A table with an empty cell.
firms$kind <- ifelse(firms$industry == "food" & firms$size == "large", "metal", firms$industry)
gap <- svydesign(~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame, data = firms)
for (statistic in c("F", "Chisq")) {
  test <- svychisq(~kind + size, gap, statistic = statistic)
  note("gap", "association", statistic, "p_value", test$p.value)
}

# A missing answer.
graduates <- svymean(~graduates, full, na.rm = TRUE)
plain("firms_full", "graduates", graduates, degf(subset(full, !is.na(graduates))))

strat <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
clus <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
asked("apistrat", strat, ~api00, ~api99, ~target, ~awards, ~stype + target, ~api00 + api99 + meals)
asked("apiclus1", clus, ~enroll, ~api99, ~target, ~stype, ~stype + awards, ~api00 + api99 + meals)
health <- subset(
  svydesign(~sdmvpsu, strata = ~sdmvstra, weights = ~wtmec2yr, nest = TRUE, data = nhanes),
  !is.na(hi_chol))
asked("nhanes", health, ~race, ~riagendr, ~hi_chol, ~agecat, ~agecat + hi_chol, ~race + riagendr + hi_chol)

# The jackknife of the clusters: all that is linear in the weights, and what is not.
jackknife <- as.svrepdesign(svydesign(~dnum, weights = ~pw, data = apiclus1), type = "JK1", mse = TRUE)
df <- degf(jackknife)
note("apiclus1_jackknife", "design", "", "df", df)
plain("apiclus1_jackknife", "total", svytotal(~enroll, jackknife), df)
plain("apiclus1_jackknife", "mean", svymean(~enroll, jackknife), df)
plain("apiclus1_jackknife", "ratio", svyratio(~api00, ~api99, jackknife), df)
v <- svyvar(~enroll, jackknife)
note("apiclus1_jackknife", "variance", "", "estimate", v[1])
note("apiclus1_jackknife", "variance", "", "std_error", sqrt(attr(v, "var")))
found <- unclass(svyquantile(~enroll, jackknife, c(0.5), interval.type = "mean")[[1]])
note("apiclus1_jackknife", "quantile", "0.5", c("estimate", "lower", "upper", "std_error"), as.numeric(found[1, ]))
for (statistic in c("F", "Chisq", "Wald", "adjWald")) {
  test <- svychisq(~stype + awards, jackknife, statistic = statistic)
  note("apiclus1_jackknife", "association", statistic, "statistic", test$statistic)
  note("apiclus1_jackknife", "association", statistic, "p_value", test$p.value)
}

# Two waves of the same groups, with other answers and other weights in the second; and two
# waves of groups of their own.
second <- firms
second$growth <- firms$growth * 0.7 + 0.05 * firms$local - 0.1 * firms$world
second$weight <- firms$weight * (1 + 0.2 * firms$exporter)
stacked <- rbind(cbind(firms, wave = 1), cbind(second, wave = 2))
panel <- svydesign(~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame, data = stacked)
change <- function(case, design) {
  found <- svyby(~growth, ~wave, design, svymean, covmat = TRUE)
  contrast <- svycontrast(found, c(-1, 1))
  note(case, "change", "", "estimate", coef(contrast))
  note(case, "change", "", "std_error", SE(contrast))
  note(case, "change", "", "df", degf(design))
}
change("panel", panel)
apart <- stacked
apart$group <- paste(apart$group, apart$wave)
apart$stratum <- paste(apart$stratum, apart$wave)
change("apart", svydesign(~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame, data = apart))

result <- do.call(rbind, rows)
result$value <- format(result$value, digits = 17, trim = TRUE)
header <- paste0("# ", R.version.string, "; survey ", packageVersion("survey"),
                 "; written by descriptive.R from firms.csv and data of the survey package")
file <- file("descriptive.csv", "w")
writeLines(header, file)
write.csv(result, file, row.names = FALSE)
close(file)
