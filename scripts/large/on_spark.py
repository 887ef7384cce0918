"""The joins of the cleaning on Spark, on this machine or on a cluster: Parquet files in, Parquet files out.

usage: on_spark.py PARQUET_DIR RESULTS_DIR

Reads what write_parquet.py wrote; writes reports by country, the cleaning log and agencies. Both folders may be
addresses that the cluster reads, such as gs://bucket/folder; spark-submit --master says where it runs, by default on
this machine.
"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession

HERE = Path(__file__).parent
READ = (
    "received", "readings", "places", "removals", "sources", "figure_origins", "licences", "listings", "responses",
    "use_statuses",
)  # fmt: skip


def join(spark: SparkSession, parquet: str, results: str) -> None:
    """Write the reports, the log of changed cells, and what the reports say of each agency."""
    for table in READ:
        spark.read.parquet(f"{parquet}/{table}").createOrReplaceTempView(table)
    reports = spark.sql((HERE / "reports.sql").read_text("utf-8"))
    # One file for each country, not one for each country and task.
    reports.repartition("country").write.partitionBy("country").parquet(f"{results}/reports")
    spark.read.parquet(f"{results}/reports").createOrReplaceTempView("reports")
    for table in ("cleaning_log", "agencies"):
        spark.sql((HERE / f"{table}.sql").read_text("utf-8")).write.parquet(f"{results}/{table}")


def main() -> None:
    """Join the tables of one folder into another."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    spark = SparkSession.builder.appName("clearview").getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    join(spark, *sys.argv[1:])
    spark.stop()


if __name__ == "__main__":
    main()
