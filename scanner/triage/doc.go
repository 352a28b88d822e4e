// Package triage says what a found token means: whether it can be used, by whom, how bad its leak is, and what stops it.
//
//   - judge.go: Judge and Judgement, the way in
//   - status.go: nbf and exp against the time of judgement
//   - risks.go, risktable.go: what makes a leak worse
//   - issuers.go and the files issuers_*.go: who made the token, and how such a token is revoked
//   - kinds.go: signed tokens that are no credential
//   - samples.go: tokens and keys that are published
//   - holder.go: workload, person, or one acting for another
//   - facts.go, severity.go, exposure.go: what is kept of a token, and what follows from it once its places are known
//   - claims.go: which claims a report shows
//   - logtime.go: when a line of a log was written
//
// The package does no I/O, knows no clock and keeps no state: a Judge is a value, and may be used by any number of
// goroutines at once. Everything in a token is foreign: nothing here trusts its types, its length or its truth. Status,
// issuer and holder are what the token says of itself; no signature is verified, those made with a published key aside.
package triage
