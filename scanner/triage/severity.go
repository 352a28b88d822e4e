package triage

import "github.com/jwtleak/jwtleak/scanner/finding"

// Severity returns how bad the leak is: the cell of SeverityTable for the token and its most open place.
func (f Facts) Severity(place PlaceFacts) finding.Severity {
	row := severityRow(f)
	return row.at(place)
}

// A SeverityRow is one line of the severity table: which tokens it is about, and the severity by place.
type SeverityRow struct {
	Token                           string
	Tip, File, History, Unreachable finding.Severity
}

func (r SeverityRow) at(place PlaceFacts) finding.Severity {
	switch place.openness {
	case openTip:
		return r.Tip
	case openHistory:
		return r.History
	case openUnreachable:
		return r.Unreachable
	default:
		return r.File
	}
}

// SeverityTable returns the table that severity follows from. The first row that is true of a token counts.
func SeverityTable() []SeverityRow {
	return []SeverityRow{
		{"a published sample", finding.Info, finding.Info, finding.Info, finding.Info},
		{"no credential, expired", finding.Info, finding.Info, finding.Info, finding.Info},
		{"no credential", finding.Low, finding.Low, finding.Low, finding.Low},
		{"expired, with a high risk", finding.Medium, finding.Medium, finding.Medium, finding.Low},
		{"expired", finding.Low, finding.Low, finding.Low, finding.Low},
		{"needs a key beside it (cnf)", finding.Medium, finding.Medium, finding.Medium, finding.Low},
		{"live or no_expiry, with a high risk other than no-expiry", finding.Critical, finding.Critical, finding.Critical, finding.High},
		{"live or no_expiry", finding.Critical, finding.High, finding.High, finding.Medium},
		{"not_yet_valid or unknown, with a high risk", finding.High, finding.High, finding.High, finding.Medium},
		{"not_yet_valid or unknown", finding.Medium, finding.Medium, finding.Medium, finding.Low},
	}
}

func severityRow(f Facts) SeverityRow {
	table := SeverityTable()
	usable := f.status == codeLive || f.status == codeNoExpiry
	switch {
	case f.kind == sample:
		return table[0]
	case f.kind == noCredential && f.status == codeExpired:
		return table[1]
	case f.kind == noCredential:
		return table[2]
	case f.status == codeExpired && f.grave:
		return table[3]
	case f.status == codeExpired:
		return table[4]
	case f.kind == keyBound:
		return table[5]
	case usable && f.grave:
		return table[6]
	case usable:
		return table[7]
	case f.grave:
		return table[8]
	default:
		return table[9]
	}
}
