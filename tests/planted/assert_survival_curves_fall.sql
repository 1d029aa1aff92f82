-- A survival curve that increases.
update analytics.ml_survival_curves set survival = 1.5
where day = (select max(day) from analytics.ml_survival_curves);
