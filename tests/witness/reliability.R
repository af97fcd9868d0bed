# Writes reliability*.csv beside this script. Run: Rscript reliability.R (in this folder).
#
# Reliability and one-factor fits of two data sets that ship with R: attitude (30 employees'
# departments, 7 ratings) and lavaan's Holzinger & Swineford 1939 (301 pupils, 9 tests).
# Debian bookworm: R 4.2.2, psych 2.2.9, lavaan 0.6-14.
suppressMessages({library(psych); library(lavaan)})
nine <- HolzingerSwineford1939[paste0("x", 1:9)]
sets <- list(attitude = attitude, nine = nine, visual = nine[1:3], four = nine[3:6],
             textual = nine[4:6])
rows <- list()
put <- function(set, what, value) rows[[length(rows) + 1]] <<- data.frame(set, what, value)
for (name in names(sets)) {
  data <- sets[[name]]
  a <- suppressWarnings(suppressMessages(psych::alpha(data)))
  put(name, "alpha", a$total$raw_alpha)
  put(name, "alpha_standardized", a$total$std.alpha)
  for (i in seq_along(data)) {
    put(name, paste0("alpha_without.", names(data)[i]), a$alpha.drop$raw_alpha[i])
    put(name, paste0("item_rest.", names(data)[i]), a$item.stats$r.drop[i])
  }
  ci <- psych::alpha.ci(a$total$raw_alpha, n.obs = nrow(data), n.var = ncol(data))
  put(name, "alpha_low", ci$lower.ci); put(name, "alpha_high", ci$upper.ci)
  fit <- cfa(paste("f =~", paste(names(data), collapse = " + ")), data = data, std.lv = TRUE)
  estimates <- parameterEstimates(fit)
  loading <- estimates$est[estimates$op == "=~"]
  residual <- estimates$est[estimates$op == "~~" & estimates$lhs != "f"]
  put(name, "omega", sum(loading)^2 / (sum(loading)^2 + sum(residual)))
  standardized <- standardizedSolution(fit)
  standardized <- standardized$est.std[standardized$op == "=~"]
  for (i in seq_along(data)) put(name, paste0("loading.", names(data)[i]), standardized[i])
  measures <- fitMeasures(fit, c("chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi",
                                 "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr"))
  for (what in names(measures)) put(name, what, measures[[what]])
}
write.csv(do.call(rbind, rows), "reliability.csv", row.names = FALSE)
write.csv(attitude, "reliability_attitude.csv", row.names = FALSE)
write.csv(nine, "reliability_nine.csv", row.names = FALSE)
