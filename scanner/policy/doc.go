// Package policy is what the user decided beforehand: which tokens are known and accepted, which fail a scan, and what
// is left out.
//
//   - file.go: the configuration file, .jwtleak.yaml; yaml.go: how its text is read
//   - ignore.go: the ignore file, .jwtleakignore: one token a line, with a reason and a last day
//   - policy.go: all of it together, asked about one finding
//
// A policy never makes a token disappear: a finding that it accepts is marked with who accepted it and why, does not
// fail the scan, and is counted in every report.
//
// A policy that lies in the scanned tree may have been put there by whoever leaked the token. Which files are obeyed is
// decided by cmd: those in the directory the user stands in, and those named on the command line.
package policy
