package triage

import "github.com/jwtleak/jwtleak/scanner/finding"

// Severity returns how bad the leak is: the cell of SeverityTable for the token and its most open place.
func (f Facts) Severity(place PlaceFacts) finding.Severity {
	return f.row().cells().at(place)
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

// SeverityTable returns the table that severity follows from. Of the rows that are true of a token the first counts; of
// the places where it was, the first column that is true of one.
func SeverityTable() []SeverityRow {
	table := make([]SeverityRow, rowCount)
	for row := range table {
		table[row] = severityRow(row).cells()
	}
	return table
}

// severityRow numbers the rows in their order.
type severityRow int

const (
	rowSample severityRow = iota
	rowExpiredOpen
	rowOpen
	rowMillisecondsGrave
	rowMilliseconds
	rowExpiredGrave
	rowExpired
	rowKeyBound
	rowUsableGrave
	rowUsable
	rowOtherGrave
	rowOther
	rowCount
)

func (row severityRow) cells() SeverityRow {
	switch row {
	case rowSample:
		return SeverityRow{"a published sample", finding.Info, finding.Info, finding.Info, finding.Info}
	case rowExpiredOpen:
		return SeverityRow{"no credential, or one made to be public; expired", finding.Info, finding.Info, finding.Info, finding.Info}
	case rowOpen:
		return SeverityRow{"no credential, or one made to be public", finding.Low, finding.Low, finding.Low, finding.Low}
	case rowMillisecondsGrave:
		return SeverityRow{"expired in milliseconds, live in seconds; a high risk", finding.High, finding.High, finding.High, finding.Medium}
	case rowMilliseconds:
		return SeverityRow{"expired in milliseconds, live in seconds", finding.Medium, finding.Medium, finding.Medium, finding.Medium}
	case rowExpiredGrave:
		return SeverityRow{"expired, with a high risk", finding.Medium, finding.Medium, finding.Medium, finding.Low}
	case rowExpired:
		return SeverityRow{"expired", finding.Low, finding.Low, finding.Low, finding.Low}
	case rowKeyBound:
		return SeverityRow{"of use only with a key beside it (cnf)", finding.Medium, finding.Medium, finding.Medium, finding.Low}
	case rowUsableGrave:
		return SeverityRow{"live or no_expiry, with a high risk (not no-expiry)", finding.Critical, finding.Critical, finding.Critical, finding.High}
	case rowUsable:
		return SeverityRow{"live or no_expiry", finding.Critical, finding.High, finding.High, finding.Medium}
	case rowOtherGrave:
		return SeverityRow{"not_yet_valid or unknown, with a high risk", finding.High, finding.High, finding.High, finding.Medium}
	default:
		return SeverityRow{"not_yet_valid or unknown", finding.Medium, finding.Medium, finding.Medium, finding.Low}
	}
}

// row returns the first row that is true of the token.
func (f Facts) row() severityRow {
	usable := f.status == codeLive || f.status == codeNoExpiry
	open := f.kind == noCredential || f.kind == madePublic
	switch {
	case f.kind == sample:
		return rowSample
	case open && f.status == codeExpired:
		return rowExpiredOpen
	case open:
		return rowOpen
	case f.status == codeExpired && f.thousands && f.grave:
		return rowMillisecondsGrave
	case f.status == codeExpired && f.thousands:
		return rowMilliseconds
	case f.status == codeExpired && f.grave:
		return rowExpiredGrave
	case f.status == codeExpired:
		return rowExpired
	case f.kind == keyBound:
		return rowKeyBound
	case usable && f.grave:
		return rowUsableGrave
	case usable:
		return rowUsable
	case f.grave:
		return rowOtherGrave
	default:
		return rowOther
	}
}
