"""Statistics as pure functions on arrays, with numpy and scipy alone; no facts, no words, no money.

Statistics are estimates, so they are binary fractions (float64); numbers of standings stay exact decimals. What an
estimate rests on is its *influence*: one row for each partner, one column for each estimate, so that an estimate minus
the truth is about the mean of its column. Errors, sums, differences and bands all follow from it.

==================  =================================================================================================
Module              What it holds
==================  =================================================================================================
``panel``           `Panel`: outcomes of partners by period, and when each began
``group_time``      `group_time_effects`: Callaway and Sant'Anna's effect of each wave in each period
``doubly_robust``   one comparison with covariates (Sant'Anna and Zhao)
``aggregating``     the four aggregations
``estimates``       `Estimates`: values with influence; errors, intervals, linear combinations
``bands``           simultaneous bands by multipliers
``leads``           the joint test of the leads, and the line through them carried forward
``redrawing``       partners drawn again, with sums and estimates that move together
``overlap``         whether there is anybody to compare with
``alike``           two groups weighed to be alike, and how strong an unseen cause would have to be
``lots``            comparisons by lot: invited, and did
``survival``        how long something lasts: Kaplan and Meier's curve
``hazards``         Cox's regression with rows that start and stop
``lifetimes``       how often those without a contract buy, for how much, and who renews (BG/NBD, gamma-gamma, sBG)
``pareto_nbd``      the same where one may be lost on any day (Pareto/NBD)
``bg_bb``           the same with one opportunity in each period (BG/BB)
``likelihood``      where a likelihood is largest
``hypergeometric``  two functions behind these models
``smoothing``       Holt and Winters, Theta, and methods for series with empty periods
``rolling``         forecasts tried from one origin after the other; conformal ranges
``odds``            how likely counts are by luck: near a line, in last days
``ranking``         how well a sign tells two kinds apart
``concentration``   shares, HHI, Gini, effective number, and their ranges
==================  =================================================================================================
"""
