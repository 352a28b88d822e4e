package scanner

import (
	"fmt"

	"github.com/jwtleak/jwtleak/detectors"
	"github.com/jwtleak/jwtleak/detectors/jwt"
	"github.com/jwtleak/jwtleak/scanner/finding"
	"github.com/jwtleak/jwtleak/scanner/triage"
)

// Inspect returns what is known of one token, all its claims included. It has no occurrences.
func Inspect(match detectors.Match, judge triage.Judge) (finding.Finding, error) {
	token, err := jwt.Decode(match.Token)
	if err != nil {
		return finding.Finding{}, fmt.Errorf("decode the token: %w", err)
	}
	token.Disclosures = match.Disclosures
	judgement := judge.Token(token)
	e := newEngine(Options{Judge: judge, AllClaims: true}, nil)
	found := e.describe(finding.NewFingerprint(match.Token), token, judgement)
	found.Severity = judgement.Facts.Severity(triage.PlaceFacts{})
	return found, nil
}
