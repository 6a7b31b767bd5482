-- Converts the exports to Parquet. Create the views of tables.sql first, and the folder `parquet`.
COPY run TO 'parquet/run.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY release TO 'parquet/release.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY defect TO 'parquet/defect.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY exception TO 'parquet/exception.parquet' (FORMAT parquet, COMPRESSION zstd);
