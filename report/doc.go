// Package report turns what a scan tells into something to read: a table, JSON, SARIF, and so on.
//
// A scan tells events (scanner/finding) to a Sink, which New makes by the format's name. The jsonl sink writes each
// event as it comes and keeps nothing. Every other sink gathers the events with a Fold into one finding.Report and
// writes that when it is closed; Read gathers a saved report with the same Fold, so that a report written at once and
// one rendered later from jsonl are the same.
//
//   - sink.go: Sink, New, Options; Render, which writes a finished report
//   - fold.go, places.go, exposure.go: events to a report
//   - parts.go: long lists of findings, by several goroutines
//   - read.go, merge.go, compare.go: saved reports in, and what is done with them
//   - safe.go, redact.go: what keeps scanned text from being more than text, and tokens from being in it
//   - words.go: what findings mean, in words that all formats share
//   - one file a format
//
// Everything in a finding but the words of our own is a stranger's text: claims, paths, names of authors, reasons of
// problems. Each format makes it safe in its own way.
package report
