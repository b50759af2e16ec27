\set person random(1, 20000)
\set offer random(1, 400)
select outcome from (select md5(random()::text) || md5(random()::text) as drawn) as d, lateral redeem(
    uuid_v7(clock_timestamp()), uuid_v7(clock_timestamp()), numbered(2, :person), numbered(3, :offer),
    gen_random_uuid(), substr(d.drawn, 1, 12),
    array[substr(d.drawn, 13, 6), substr(d.drawn, 19, 6), substr(d.drawn, 25, 6), substr(d.drawn, 31, 6)],
    null, 1000000, 1000000, clock_timestamp()
);
