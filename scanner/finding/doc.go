// Package finding holds the data that the engine hands to reports: types, their JSON, and how two of them combine.
//
//   - Finding, Token, Risk, Exposure: one distinct token and what is known of it
//   - Occurrence and its Place: where it was met, one of a closed set of kinds
//   - Problem: what could not be read
//   - Scan, Summary, Report: the scan as a whole
//   - Event: the same told as it happens
//
// The JSON is the contract of the reports, schema jwtleak/report/v1. The package reads nothing and knows no clock.
package finding
