# usage: write.R FROM.xlsx BOOK.xlsx     (a data frame has one type a column, so each column is written by itself)
suppressMessages(library(openxlsx))
given <- commandArgs(trailingOnly = TRUE)
frame <- read.xlsx(given[1], colNames = FALSE, skipEmptyRows = FALSE, skipEmptyCols = FALSE)
book <- createWorkbook()
addWorksheet(book, "S")
for (column in seq_along(frame)) for (row in seq_len(nrow(frame))) {
  value <- frame[row, column]
  if (!is.na(value)) writeData(book, "S", value, startCol = column, startRow = row, colNames = FALSE)
}
saveWorkbook(book, given[2], overwrite = TRUE)
