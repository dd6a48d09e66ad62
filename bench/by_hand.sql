-- Every figure of every filing village of a county for one month, in one statement written by hand.
--
-- It follows the definitions of the figures (workers/ledger.py and docs/indicators.md tell them) and shares no line with
-- the product's counting, so that it is both an oracle and a measure: bench/figures.py holds the two against each other.
--
-- Days are half-open everywhere: a period ends on the first day outside. `stop` is the day after the month's last.
-- What differs between SQLite and PostgreSQL stands in braces: {{earlier}} and {{later}} of two days, and {{day}}, which
-- makes of a day what can be subtracted. {{calendar}} is a row for each month of the year up to this one.

WITH calendar (month, first_day, stop) AS (VALUES {calendar}),

-- Who counts: persons neither voided nor merged into another, and of a group those whom no valid transfer names.
-- One key for both: a group's number is negative. SQLite looks up in an index only what it knows to be an integer.
person AS (
    SELECT id AS who, 1 AS persons, sex, household_id AS household,
           CASE WHEN birth_date IS NULL THEN 'age_unknown'
                WHEN birth_date > %(born_26)s THEN 'age_under_26'
                WHEN birth_date > %(born_41)s THEN 'age_26_40'
                WHEN birth_date > %(born_51)s THEN 'age_41_50'
                WHEN birth_date > %(born_61)s THEN 'age_51_60'
                ELSE 'age_over_60' END AS age,
           birth_date IS NOT NULL AND ability IN ('', 'ordinary', 'skilled') AND is_student IS NOT TRUE
               AND CASE WHEN sex = 'female' THEN birth_date > %(female_too_old)s AND birth_date <= %(female_of_age)s
                        ELSE birth_date > %(male_too_old)s AND birth_date <= %(male_of_age)s END AS in_labor_force,
           wants_to_go IS TRUE AS is_willing
    FROM workers_worker
    WHERE village_id >= %(county)s AND village_id < %(after_county)s AND voided_at IS NULL AND merged_into_id IS NULL
    UNION ALL
    SELECT CAST(-g.id AS bigint), g.persons - COUNT(named.id), g.sex, NULL,
           CASE WHEN g.age_band = '' THEN 'age_unknown' ELSE 'age_' || g.age_band END, FALSE, FALSE
    FROM workers_unnamedgroup g
    LEFT JOIN workers_transfer named ON named.group_id = g.id AND named.voided_at IS NULL
    WHERE g.village_id >= %(county)s AND g.village_id < %(after_county)s AND g.voided_at IS NULL
    GROUP BY g.id
    HAVING g.persons > COUNT(named.id)
),

-- Registrations as on the last day: what starts later does not exist, what ends later is open.
registered AS (
    SELECT CAST(COALESCE(worker_id, -group_id) AS bigint) AS who, village_id AS village,
           COALESCE(from_on, '0001-01-01') AS from_on,
           {earlier}(COALESCE(to_on, %(stop)s), %(stop)s) AS to_on
    FROM workers_registration
    WHERE village_id >= %(county)s AND village_id < %(after_county)s AND (from_on IS NULL OR from_on < %(stop)s)
),
stay AS MATERIALIZED (
    SELECT who, persons, village, from_on, to_on,
           LAG(to_on) OVER lived AS last_to, LEAD(from_on) OVER lived AS next_from
    FROM registered JOIN person USING (who)
    WINDOW lived AS (PARTITION BY who ORDER BY from_on)
),

-- Days on which one transfer covers somebody registered in one village.
spell AS (
    SELECT worker_id AS who, id AS transfer, started_on, COALESCE(ended_on, %(stop)s) AS ended_on,
           destination, channel, form, industry, pay, reason, plan
    FROM workers_transfer
    WHERE village_id >= %(county)s AND village_id < %(after_county)s AND voided_at IS NULL
    UNION ALL
    SELECT CAST(-id AS bigint), id, started_on, COALESCE(ended_on, %(stop)s), destination, channel, form, industry, pay, reason, ''
    FROM workers_unnamedgroup
    WHERE village_id >= %(county)s AND village_id < %(after_county)s AND voided_at IS NULL
),
work AS MATERIALIZED (
    SELECT who, persons, village, transfer, {later}(started_on, from_on) AS from_on, {earlier}(ended_on, to_on) AS to_on,
           CASE WHEN substr(destination, 1, 1) NOT BETWEEN '0' AND '9' THEN 'abroad'
                WHEN substr(destination, 1, 2) IN ('71', '81', '82') THEN 'abroad'
                WHEN substr(destination, 1, 9) = substr(village, 1, 9) THEN 'township'
                WHEN substr(destination, 1, 6) = substr(village, 1, 6) THEN 'county'
                WHEN substr(destination, 1, 4) = substr(village, 1, 4) THEN 'prefecture'
                WHEN substr(destination, 1, 2) = substr(village, 1, 2) THEN 'province'
                ELSE 'other_province' END AS region,
           CASE WHEN channel = '' THEN 'channel_unknown'
                WHEN channel IN ('government', 'agency', 'broker', 'point') THEN 'organized'
                ELSE 'self' END AS channel,
           form, industry, pay,
           -- Why and what then is said of the end of the transfer, not of a move that ended being away.
           CASE WHEN ended_on <= to_on THEN reason ELSE '' END AS reason,
           CASE WHEN ended_on <= to_on THEN plan ELSE '' END AS plan,
           -- On the day before, and on the day after.
           started_on > from_on OR COALESCE(last_to = from_on, FALSE) AS registered_before,
           ended_on < to_on OR COALESCE(next_from = to_on, FALSE) AS registered_after
    FROM stay JOIN spell USING (who)
    WHERE started_on < to_on AND ended_on > from_on
),

-- One person's pieces of work never overlap: those of one stint touch, where one ends the next begins.
-- With each the village in which somebody was away on the day before, and on the day after; none if not away on it.
run AS MATERIALIZED (
    SELECT work.*,
           CASE WHEN earlier.who IS NULL THEN 1 ELSE 0 END AS begins,
           CASE WHEN later.who IS NULL THEN 1 ELSE 0 END AS ends,
           CASE WHEN earlier.region <> 'township' THEN earlier.village END AS away_before,
           CASE WHEN later.region <> 'township' THEN later.village END AS away_after
    FROM work
    LEFT JOIN work earlier ON earlier.who = work.who AND earlier.to_on = work.from_on
    LEFT JOIN work later ON later.who = work.who AND later.from_on = work.to_on
),

-- Left, came home and moved; those that happened before anything that is still followed are left out.
event AS MATERIALIZED (
    SELECT who, persons, village, from_on AS day, persons AS amount, region, reason, plan,
           CASE WHEN away_before IS NULL AND registered_before THEN 'left' ELSE 'moved' END AS kind
    FROM run
    WHERE region <> 'township' AND (away_before IS NULL OR away_before <> village)
      AND from_on >= {earlier}(%(year_from)s, %(followed_from)s)
    UNION ALL
    SELECT who, persons, village, to_on,
           CASE WHEN away_after IS NULL AND registered_after THEN persons ELSE -persons END, region, reason, plan,
           CASE WHEN away_after IS NULL AND registered_after THEN 'came_home' ELSE 'moved' END
    FROM run
    WHERE region <> 'township' AND (away_after IS NULL OR away_after <> village)
      AND to_on < %(stop)s AND to_on >= {earlier}(%(year_from)s, %(followed_from)s)
),
followed AS (
    SELECT event.*, MAX(CASE WHEN kind = 'came_home' THEN day END) OVER (
               PARTITION BY who ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS was_home_on
    FROM event
),
-- Persons, as against times, are counted at their first event of a kind in a village.
happened AS (
    SELECT followed.*, ROW_NUMBER() OVER (PARTITION BY village, kind, who ORDER BY day) = 1 AS is_first
    FROM followed
    WHERE day >= %(first_day)s
),
flow AS (
    SELECT village,
           SUM(amount) FILTER (WHERE kind = 'left') AS "left",
           SUM(amount) FILTER (WHERE kind = 'left' AND is_first) AS left_persons,
           SUM(amount) FILTER (
               WHERE kind = 'left' AND who > 0 AND {day}(day) - {day}(was_home_on) <= %(home_days)s
           ) AS left_again,
           SUM(amount) FILTER (WHERE kind = 'came_home') AS came_home,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND is_first) AS came_home_persons,
           SUM(amount) FILTER (WHERE kind = 'moved') AS moved,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND region = 'county') AS from_county,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND region IN ('prefecture', 'province')) AS from_province,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND region = 'other_province') AS from_other_province,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND region = 'abroad') AS from_abroad,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'festival') AS festival,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'season_over') AS season_over,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'laid_off') AS laid_off,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'contract_over') AS contract_over,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'low_or_unpaid') AS low_or_unpaid,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'family') AS family,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'illness') AS illness,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason = 'own_business') AS own_business,
           SUM(amount) FILTER (WHERE kind = 'came_home' AND reason IN ('', 'other')) AS other
    FROM happened
    GROUP BY village
),

-- Where everybody is registered on the last day, or was last: year figures count there.
last_stay AS (
    SELECT who, persons, village, to_on FROM stay WHERE next_from IS NULL
),
-- Of several households that somebody belonged to formerly, the one that ends next after a day is that of the day.
former AS (
    SELECT who, household_id AS household,
           ROW_NUMBER() OVER (PARTITION BY who ORDER BY former.to_on) AS nth
    FROM last_stay JOIN workers_formermembership former ON former.worker_id = who AND former.to_on >= last_stay.to_on
),
newest AS MATERIALIZED (
    SELECT last_stay.who, last_stay.persons, village, to_on, sex, age, in_labor_force, is_willing,
           CASE WHEN former.who IS NULL THEN person.household ELSE former.household END AS household
    FROM last_stay
    JOIN person ON person.who = last_stay.who
    LEFT JOIN former ON former.who = last_stay.who AND nth = 1
),
-- Of the household, on the last day of the stay.
flag AS (
    SELECT who,
           MAX(CASE WHEN kind = 'relieved' THEN 1 ELSE 0 END) AS is_relieved,
           MAX(CASE WHEN kind <> 'relieved' THEN 1 ELSE 0 END) AS is_monitored
    FROM newest
    JOIN workers_householdstatus status ON status.household_id = household
    WHERE (status.from_on IS NULL OR status.from_on < newest.to_on)
      AND (status.to_on IS NULL OR status.to_on >= newest.to_on)
    GROUP BY who
    UNION ALL
    SELECT CAST(-id AS bigint), CASE WHEN status = 'relieved' THEN 1 ELSE 0 END, CASE WHEN status <> 'relieved' THEN 1 ELSE 0 END
    FROM workers_unnamedgroup
    WHERE village_id >= %(county)s AND village_id < %(after_county)s AND status <> ''
),

-- The newest homecoming of those who are still followed, with what they said they would do.
homecoming AS (
    SELECT who, plan, ROW_NUMBER() OVER (PARTITION BY who ORDER BY day DESC) AS nth
    FROM event
    WHERE kind = 'came_home' AND day >= %(home_from)s AND who > 0
),
-- The last day: a piece of work that goes up to `stop` covers it.
today AS (
    SELECT newest.*, region, industry, channel, pay,
           region IS NOT NULL AS works, COALESCE(region <> 'township', FALSE) AS is_away, is_relieved, is_monitored,
           CASE WHEN homecoming.who IS NULL OR region <> 'township' THEN ''
                WHEN region = 'township' THEN 'local_work'
                WHEN homecoming.plan = '' THEN 'seeking'
                ELSE homecoming.plan END AS home_plan
    FROM newest
    LEFT JOIN run ON run.who = newest.who AND run.to_on = %(stop)s
    LEFT JOIN homecoming ON homecoming.who = newest.who AND nth = 1
    LEFT JOIN flag ON flag.who = newest.who
    WHERE newest.to_on = %(stop)s
),
stock AS (
    SELECT village,
           COUNT(DISTINCT household) AS households,
           COUNT(DISTINCT CASE WHEN works THEN household END) AS households_with_away,
           COUNT(*) FILTER (WHERE in_labor_force) AS labor_force,
           COUNT(*) FILTER (WHERE in_labor_force AND is_willing AND NOT works) AS willing,
           SUM(persons) FILTER (WHERE is_away) AS away,
           SUM(persons) FILTER (WHERE region = 'county') AS county,
           SUM(persons) FILTER (WHERE region = 'prefecture') AS prefecture,
           SUM(persons) FILTER (WHERE region = 'province') AS province,
           SUM(persons) FILTER (WHERE region = 'other_province') AS other_province,
           SUM(persons) FILTER (WHERE region = 'abroad') AS abroad,
           SUM(persons) FILTER (WHERE is_away AND sex = 'male') AS male,
           SUM(persons) FILTER (WHERE is_away AND sex = 'female') AS female,
           SUM(persons) FILTER (WHERE is_away AND sex = '') AS sex_unknown,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_under_26') AS age_under_26,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_26_40') AS age_26_40,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_41_50') AS age_41_50,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_51_60') AS age_51_60,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_over_60') AS age_over_60,
           SUM(persons) FILTER (WHERE is_away AND age = 'age_unknown') AS age_unknown,
           SUM(persons) FILTER (WHERE is_away AND industry = 'A') AS "primary",
           SUM(persons) FILTER (WHERE is_away AND industry BETWEEN 'B' AND 'E') AS secondary,
           SUM(persons) FILTER (WHERE is_away AND industry >= 'F') AS tertiary,
           SUM(persons) FILTER (WHERE is_away AND industry = '') AS sector_unknown,
           SUM(persons) FILTER (WHERE is_away AND channel = 'organized') AS organized,
           SUM(persons) FILTER (WHERE is_away AND channel = 'self') AS self,
           SUM(persons) FILTER (WHERE is_away AND channel = 'channel_unknown') AS channel_unknown,
           SUM(persons) FILTER (WHERE is_away AND is_relieved = 1) AS relieved,
           SUM(persons) FILTER (WHERE is_away AND is_monitored = 1) AS monitored,
           SUM(persons) FILTER (WHERE is_away AND who < 0) AS unnamed,
           SUM(persons) FILTER (WHERE region = 'township') AS "local",
           SUM(persons) FILTER (WHERE works AND pay IS NULL) AS pay_missing,
           COUNT(*) FILTER (WHERE home_plan <> '') AS home,
           COUNT(*) FILTER (WHERE home_plan = 'local_work') AS local_work,
           COUNT(*) FILTER (WHERE home_plan = 'own_business') AS own_business,
           COUNT(*) FILTER (WHERE home_plan = 'farming') AS farming,
           COUNT(*) FILTER (WHERE home_plan = 'training') AS training,
           COUNT(*) FILTER (WHERE home_plan = 'seeking') AS seeking,
           COUNT(*) FILTER (WHERE home_plan = 'not_seeking') AS not_seeking
    FROM today
    GROUP BY village
),

-- Gaps and islands: the stints of this year. `number` counts a person's stints from the earliest known one on.
numbered AS (
    SELECT who, persons, from_on, to_on, begins, ends, channel, region, form,
           SUM(begins) OVER (PARTITION BY who ORDER BY from_on ROWS UNBOUNDED PRECEDING) AS number
    FROM run
),
stint AS (
    SELECT who, number, MIN(from_on) AS from_on, MAX(to_on) AS to_on,
           {day}(MAX(to_on)) - {day}(MIN(from_on)) >= %(stint_days)s AS is_counting,
           MAX(CASE WHEN begins = 1 THEN channel END) AS channel,
           MAX(CASE WHEN ends = 1 THEN region END) AS region,
           MAX(CASE WHEN ends = 1 THEN form END) AS form
    FROM numbered
    GROUP BY who, number
    HAVING MAX(to_on) > %(year_from)s
),
ranked AS (
    SELECT stint.*,
           number = MAX(CASE WHEN is_counting THEN number END) OVER (PARTITION BY who) AS is_newest_counting
    FROM stint
),
worked AS (
    SELECT who, COUNT(*) AS trips, COUNT(*) FILTER (WHERE is_counting) AS times,
           COUNT(*) FILTER (WHERE channel = 'organized') AS organized,
           COUNT(*) FILTER (WHERE channel = 'self') AS self,
           COUNT(*) FILTER (WHERE channel = 'channel_unknown') AS channel_unknown,
           COUNT(*) FILTER (WHERE NOT is_counting AND to_on < %(stop)s) AS short,
           MAX(CASE WHEN is_newest_counting THEN region END) AS region,
           MAX(CASE WHEN is_newest_counting THEN form END) AS form,
           MAX(CASE WHEN number = 1 AND from_on >= %(year_from)s THEN 1 END) AS is_new
    FROM ranked
    GROUP BY who
),
year AS (
    SELECT village,
           SUM(persons * trips) AS trips,
           SUM(persons * organized) AS organized,
           SUM(persons * self) AS self,
           SUM(persons * channel_unknown) AS channel_unknown,
           SUM(persons * short) AS short,
           SUM(persons * times) AS transferred_times,
           SUM(persons) FILTER (WHERE times > 0) AS transferred,
           SUM(persons) FILTER (WHERE region = 'township') AS township,
           SUM(persons) FILTER (WHERE region = 'county') AS county,
           SUM(persons) FILTER (WHERE region = 'prefecture') AS prefecture,
           SUM(persons) FILTER (WHERE region = 'province') AS province,
           SUM(persons) FILTER (WHERE region = 'other_province') AS other_province,
           SUM(persons) FILTER (WHERE region = 'abroad') AS abroad,
           SUM(persons) FILTER (WHERE times > 0 AND is_new = 1) AS "first",
           SUM(persons) FILTER (WHERE form = 'own_business') AS own_business,
           SUM(persons) FILTER (WHERE times > 0 AND to_on = %(stop)s AND in_labor_force) AS in_force,
           SUM(persons) FILTER (WHERE times > 0 AND is_relieved = 1) AS relieved
    FROM newest
    LEFT JOIN worked ON worked.who = newest.who
    LEFT JOIN flag ON flag.who = newest.who
    GROUP BY village
),

-- Income by month: a transfer's days of a month are added over moves before they are rounded.
paying AS MATERIALIZED (
    SELECT who, persons, transfer, pay, {day}(from_on) AS from_on, {day}(to_on) AS to_on
    FROM work
    WHERE pay > 0 AND to_on > %(year_from)s
),
days AS MATERIALIZED (
    SELECT month, stop, {day}(first_day) AS month_from, {day}(stop) AS month_to FROM calendar
),
paid AS (
    SELECT who, transfer, month, MAX(stop) AS stop, MAX(persons) AS persons, MAX(pay) AS pay,
           SUM({earlier}(to_on, month_to) - {later}(from_on, month_from)) AS days
    FROM paying CROSS JOIN days
    WHERE from_on < month_to AND to_on > month_from
    GROUP BY who, transfer, month
),
earned AS (
    -- The last registered day of a month lies in the newest stay that began in it or before.
    SELECT village, month, SUM(paid.persons * ((2 * CAST(pay AS bigint) * CAST(days AS bigint) + 30) / 60)) AS yuan
    FROM paid
    JOIN stay ON stay.who = paid.who AND stay.from_on < stop AND (next_from IS NULL OR next_from >= stop)
    GROUP BY village, month
),
income AS (
    SELECT village,
           SUM(yuan) FILTER (WHERE month = %(month)s) AS of_month,
           SUM(yuan) AS of_year,
           SUM(yuan) FILTER (WHERE month < %(month)s AND month >= %(first_month)s) AS known
    FROM earned
    GROUP BY village
),

-- What this year's earlier months say as known now, and what they filed: their own figure plus what was late in it.
known AS (
    SELECT village,
           SUM(amount) FILTER (WHERE kind = 'left') AS "left",
           SUM(amount) FILTER (WHERE kind = 'came_home') AS came_home
    FROM event
    WHERE day >= %(known_from)s AND day < %(first_day)s
    GROUP BY village
),
before AS (
    SELECT village, SUM(persons) AS away
    FROM run
    WHERE region <> 'township' AND from_on < %(first_day)s AND to_on >= %(first_day)s
    GROUP BY village
),
filed AS (
    SELECT ret.village_id AS village,
           SUM(away) FILTER (WHERE ret.month = %(month_before)s) AS opening,
           SUM("left" + late_left) FILTER (WHERE ret.month >= %(january)s) AS "left",
           SUM(came_home + late_came_home) FILTER (WHERE ret.month >= %(january)s) AS came_home,
           SUM(income_month + late_income) FILTER (WHERE ret.month >= %(january)s) AS income
    FROM reports_monthlyreturn ret
    JOIN reports_returnversion version ON version.id = ret.newest_id
    WHERE ret.village_id >= %(county)s AND ret.village_id < %(after_county)s AND ret.month < %(month)s
      AND (ret.month >= %(january)s OR ret.month = %(month_before)s)
    GROUP BY ret.village_id
)

SELECT code,
       COALESCE(stock.households, 0) AS "households",
       COALESCE(stock.households_with_away, 0) AS "households.with_away",
       COALESCE(stock.labor_force, 0) AS "labor_force",
       COALESCE(stock.willing, 0) AS "willing",
       COALESCE(filed.opening, before.away, 0) AS "opening",
       COALESCE(flow."left", 0) AS "left",
       COALESCE(flow.left_persons, 0) AS "left_persons",
       COALESCE(flow.came_home, 0) AS "came_home",
       COALESCE(flow.came_home_persons, 0) AS "came_home_persons",
       COALESCE(flow.moved, 0) AS "moved",
       COALESCE(before.away, 0) - COALESCE(filed.opening, before.away, 0) AS "late",
       COALESCE(stock.away, 0) AS "away",
       COALESCE(stock.county, 0) AS "away.county",
       COALESCE(stock.prefecture, 0) AS "away.prefecture",
       COALESCE(stock.province, 0) AS "away.province",
       COALESCE(stock.other_province, 0) AS "away.other_province",
       COALESCE(stock.abroad, 0) AS "away.abroad",
       COALESCE(stock.male, 0) AS "away.male",
       COALESCE(stock.female, 0) AS "away.female",
       COALESCE(stock.sex_unknown, 0) AS "away.sex_unknown",
       COALESCE(stock.age_under_26, 0) AS "away.age_under_26",
       COALESCE(stock.age_26_40, 0) AS "away.age_26_40",
       COALESCE(stock.age_41_50, 0) AS "away.age_41_50",
       COALESCE(stock.age_51_60, 0) AS "away.age_51_60",
       COALESCE(stock.age_over_60, 0) AS "away.age_over_60",
       COALESCE(stock.age_unknown, 0) AS "away.age_unknown",
       COALESCE(stock."primary", 0) AS "away.primary",
       COALESCE(stock.secondary, 0) AS "away.secondary",
       COALESCE(stock.tertiary, 0) AS "away.tertiary",
       COALESCE(stock.sector_unknown, 0) AS "away.sector_unknown",
       COALESCE(stock.organized, 0) AS "away.organized",
       COALESCE(stock.self, 0) AS "away.self",
       COALESCE(stock.channel_unknown, 0) AS "away.channel_unknown",
       COALESCE(stock.relieved, 0) AS "away.relieved",
       COALESCE(stock.monitored, 0) AS "away.monitored",
       COALESCE(stock.unnamed, 0) AS "unnamed",
       COALESCE(stock."local", 0) AS "local",
       COALESCE(year.trips, 0) AS "trips",
       COALESCE(year.organized, 0) AS "trips.organized",
       COALESCE(year.self, 0) AS "trips.self",
       COALESCE(year.channel_unknown, 0) AS "trips.channel_unknown",
       COALESCE(year.short, 0) AS "trips.short",
       COALESCE(year.transferred, 0) AS "transferred",
       COALESCE(year.transferred_times, 0) AS "transferred_times",
       COALESCE(year.township, 0) AS "transferred.township",
       COALESCE(year.county, 0) AS "transferred.county",
       COALESCE(year.prefecture, 0) AS "transferred.prefecture",
       COALESCE(year.province, 0) AS "transferred.province",
       COALESCE(year.other_province, 0) AS "transferred.other_province",
       COALESCE(year.abroad, 0) AS "transferred.abroad",
       COALESCE(year."first", 0) AS "transferred.first",
       COALESCE(year.own_business, 0) AS "transferred.own_business",
       COALESCE(year.in_force, 0) AS "transferred.in_force",
       COALESCE(year.relieved, 0) AS "transferred.relieved",
       COALESCE(income.of_month, 0) AS "income_month",
       COALESCE(income.of_year, 0) AS "income",
       COALESCE(stock.pay_missing, 0) AS "pay_missing",
       COALESCE(known."left", 0) - COALESCE(filed."left", 0) AS "late.left",
       COALESCE(known.came_home, 0) - COALESCE(filed.came_home, 0) AS "late.came_home",
       COALESCE(income.known, 0) - COALESCE(filed.income, 0) AS "late.income",
       COALESCE(flow.from_county, 0) AS "came_home.from_county",
       COALESCE(flow.from_province, 0) AS "came_home.from_province",
       COALESCE(flow.from_other_province, 0) AS "came_home.from_other_province",
       COALESCE(flow.from_abroad, 0) AS "came_home.from_abroad",
       COALESCE(flow.festival, 0) AS "came_home.reason_festival",
       COALESCE(flow.season_over, 0) AS "came_home.reason_season_over",
       COALESCE(flow.laid_off, 0) AS "came_home.reason_laid_off",
       COALESCE(flow.contract_over, 0) AS "came_home.reason_contract_over",
       COALESCE(flow.low_or_unpaid, 0) AS "came_home.reason_low_or_unpaid",
       COALESCE(flow.family, 0) AS "came_home.reason_family",
       COALESCE(flow.illness, 0) AS "came_home.reason_illness",
       COALESCE(flow.own_business, 0) AS "came_home.reason_own_business",
       COALESCE(flow.other, 0) AS "came_home.reason_other",
       COALESCE(stock.home, 0) AS "home",
       COALESCE(stock.local_work, 0) AS "home.local_work",
       COALESCE(stock.own_business, 0) AS "home.own_business",
       COALESCE(stock.farming, 0) AS "home.farming",
       COALESCE(stock.training, 0) AS "home.training",
       COALESCE(stock.seeking, 0) AS "home.seeking",
       COALESCE(stock.not_seeking, 0) AS "home.not_seeking",
       COALESCE(flow.left_again, 0) AS "left_again"
FROM villages_village
LEFT JOIN stock ON stock.village = code
LEFT JOIN flow ON flow.village = code
LEFT JOIN year ON year.village = code
LEFT JOIN income ON income.village = code
LEFT JOIN known ON known.village = code
LEFT JOIN before ON before.village = code
LEFT JOIN filed ON filed.village = code
WHERE code >= %(county)s AND code < %(after_county)s
  AND files_from <= %(month)s AND (files_to IS NULL OR files_to >= %(month)s)
ORDER BY code
