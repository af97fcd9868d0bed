# Writes composed.csv beside this script: Table 1 and correlations of the firms of firms.csv.
# Run: Rscript composed.R (in this folder).
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$exporter <- as.integer(firms$exporter)
design <- svydesign(ids = ~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame,
                    data = firms)

rows <- list()
note <- function(table, variable, column, quantity, value)
  rows[[length(rows) + 1]] <<- data.frame(table, variable, column, quantity,
                                          value = as.numeric(value))

smd <- function(m, v) {
  pairs <- combn(length(m), 2)
  max(apply(pairs, 2, function(k) abs(m[k[1]] - m[k[2]]) / sqrt((v[k[1]] + v[k[2]]) / 2)))
}
mahalanobis_of <- function(shares) {
  pairs <- combn(nrow(shares), 2)
  max(apply(pairs, 2, function(k) {
    p <- shares[k[1], -ncol(shares)]
    q <- shares[k[2], -ncol(shares)]
    multinomial <- function(p) diag(p, length(p)) - outer(p, p)
    d <- p - q
    sqrt(drop(t(d) %*% solve((multinomial(p) + multinomial(q)) / 2) %*% d))
  }))
}

number <- function(table, by, variable) {
  kept <- design[!is.na(firms[[variable]]), ]
  formula <- reformulate(variable)
  whole <- svymean(formula, kept)
  note(table, variable, "all", "estimate", coef(whole))
  note(table, variable, "all", "std_error", SE(whole))
  note(table, variable, "all", "deviation", sqrt(coef(svyvar(formula, kept))))
  groups <- sort(unique(firms[[by]]))
  means <- svyby(formula, reformulate(by), kept, svymean)
  deviations <- sapply(groups, function(g)
    sqrt(coef(svyvar(formula, kept[kept$variables[[by]] == g, ]))))
  note(table, variable, paste0("group:", groups), "estimate", coef(means))
  note(table, variable, paste0("group:", groups), "std_error", SE(means))
  note(table, variable, paste0("group:", groups), "deviation", deviations)
  model <- svyglm(as.formula(paste0(variable, " ~ factor(", by, ")")), kept)
  test <- regTermTest(model, as.formula(paste0("~ factor(", by, ")")), method = "Wald")
  note(table, variable, "test", "statistic", test$Ftest)
  note(table, variable, "test", "numerator_df", test$df)
  note(table, variable, "test", "denominator_df", test$ddf)
  note(table, variable, "test", "p_value", test$p)
  note(table, variable, "test", "difference", smd(coef(means), deviations^2))
  if (length(groups) == 2) {
    t <- svyttest(as.formula(paste(variable, "~", by)), kept)
    note(table, variable, "test", "svyttest", t$p.value)
  }
}

category <- function(table, by, variable) {
  design <- update(design, y = factor(firms[[variable]]))
  levels <- levels(factor(firms[[variable]]))
  whole <- svymean(~y, design)
  note(table, variable, paste0("all/", levels), "estimate", coef(whole))
  note(table, variable, paste0("all/", levels), "std_error", SE(whole))
  groups <- sort(unique(firms[[by]]))
  found <- sapply(groups, function(g)
    coef(svymean(~y, design[design$variables[[by]] == g, ])))
  for (k in seq_along(groups))
    note(table, variable, paste0("group:", groups[k], "/", levels), "estimate", found[, k])
  design <- update(design, g = factor(firms[[by]]))
  test <- svychisq(~ y + g, design)
  note(table, variable, "test", "statistic", test$statistic)
  note(table, variable, "test", "p_value", test$p.value)
  note(table, variable, "test", "difference", mahalanobis_of(t(found)))
}

for (by in c("exporter", "industry")) {
  number(by, by, "employment")
  number(by, by, "graduates")
  category(by, by, "product")
}
category("exporter", "exporter", "industry")

# The delta method on svyvar's own covariance; r is of the firms that have both.
correlation <- function(table, a, b, kept) {
  v <- svyvar(reformulate(c(a, b)), kept)
  m <- matrix(coef(v), 2)
  r <- m[1, 2] / sqrt(m[1, 1] * m[2, 2])
  slope <- c(-r / (2 * m[1, 1]), 1 / sqrt(m[1, 1] * m[2, 2]), 0, -r / (2 * m[2, 2]))
  error <- sqrt(drop(t(slope) %*% vcov(v) %*% slope))
  z <- atanh(r) * (1 - r^2) / error
  pair <- paste(a, b)
  note(table, pair, "", "estimate", r)
  note(table, pair, "", "std_error", error)
  note(table, pair, "", "p_value", 2 * pt(-abs(z), degf(kept)))
  note(table, pair, "", "n", nrow(kept))
}
names <- c("employment", "growth", "local", "graduates")
every <- design[complete.cases(firms[names]), ]
for (k in seq_len(3)) for (l in (k + 1):4) {
  correlation("listwise", names[k], names[l], every)
  both <- design[complete.cases(firms[names[c(k, l)]]), ]
  correlation("pairwise", names[k], names[l], both)
}

said <- do.call(rbind, rows)
said$value <- formatC(said$value, digits = 16, format = "e")
file <- file("composed.csv", "w")
writeLines(paste0("# ", R.version.string, "; survey ", packageVersion("survey"),
                  "; written by composed.R from firms.csv"), file)
write.csv(said, file, row.names = FALSE)
close(file)
