// Package triage says what a found token means: whether it can be used, by whom, how bad its leak is, and what stops it.
//
//   - judge.go: Judge and Judgement, the way in
//   - status.go: nbf and exp against the time of judgement
//   - survey.go: one pass over a token's claims, of which all that follows asks; claimnames.go and dictionary.go: what the
//     name of a claim tells
//   - risks.go, risktable.go, scopes.go: what makes a leak worse
//   - identity.go, issuers.go: who made the token, and how such a token is stopped; an issuer is an entry of a table and a
//     few lines that know its tokens, in issuers_workload.go, issuers_pipeline.go, issuers_cloud.go, issuers_provider.go,
//     issuers_application.go and issuers_platform.go
//   - statements.go, statements_form.go: signed tokens that are no credential, each by the form that its specification gives it,
//     and credentials known by their kind alone
//   - samples.go, samples_secret.go, samples_key_pair.go: tokens and keys that are published
//   - holder.go: workload, person, or one acting for another
//   - facts.go, place.go, severity.go, exposure.go: what is kept of a token, and what follows from it once its places are
//     known
//   - claims.go: which claims a report shows
//   - logtime.go, logclock.go, logzone.go, logjournal.go, logcontinued.go: when a line of a log was written
//
// The package does no I/O, knows no clock and keeps no state: a Judge is a value, and may be used by any number of
// goroutines at once. Its tables are functions, so that nothing can change them. Everything in a token is foreign: nothing
// here trusts its types, its length or its truth. Status, issuer and holder are what the token says of itself; no signature
// is verified but against keys that are published.
//
// To add an issuer: a name among the issuerID, an entry in its group's table, a matcher that byHost, byPath, byLiteral,
// byClaims, byAudience or headerShape leads to, and an example in the tests, which fail for one that has none.
package triage
