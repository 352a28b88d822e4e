package encoding

import (
	"math"

	"github.com/jwtleak/jwtleak/detectors"
)

// What the work on one text may cost, in about nanoseconds. What real texts need is far less; what is made to cost much
// gets no more.
const (
	budgetRate  = 6   // for each byte of text
	smallRate   = 256 // and besides for each byte of a small one, up to smallText of them
	smallText   = 64 << 10
	leastBase   = 1 << 20   // for the smallest: to open a file takes a twentieth of that
	blockBase   = 1 << 19   // for a block of a larger one instead
	tapered     = 256 << 10 // where it is larger than this, the latter two are less for it, by the square
	shownAgain  = 1 << 19   // a block as large was held back, and half of it was shown before: it has half the rate
	budgetAhead = 1 << 20   // bytes behind the place that is looked at, for which it may be spent already
	loanRate    = 32        // for each byte of a text that a large token has begun in, up to largeText of them
	largeText   = 3 << 19   // which is as large as a token is at most, wrapped in base64
	leastLarge  = 16 << 10  // bytes of a token that is large
	mostBudget  = 1 << 24   // for a part of a text, however long that had nothing before, or mostRate for each byte of a large one
	mostRate    = 3
	worth       = 64  // for each byte of what a token was found in
	refund      = 4   // times that, of what it took to find it
	advanceRate = 192 // for each byte of a token, before it is known what it was found in
	expansion   = 16  // of a token by what it is wrapped in: a longer run has something else in it, which is worth nothing
)

// What things cost.
const (
	priceOfHit     = 48  // to look at a needle
	priceOfUndone  = 8   // to look at one that was undone already
	priceOfPlain   = 100 // to show a part to the plain detector, besides its bytes
	priceOfPiece   = 300 // to undo a piece and to search it, besides its bytes
	priceOfUnit    = 6   // to undo an escape
	priceOfBreak   = 100 // to join two lines
	priceOfAlike   = 16  // to join another that is as the others, besides half of its bytes
	longLine       = 512 // bytes of a line each of which costs a quarter to join
	priceOfEffort  = 8   // to read a byte of what may be a JSON serialization
	priceOfSign    = 10  // to look at what may be an escape
	priceOfLiteral = 150 // to see that a string literal is of escapes, and to search that
)

// Bounds are what the scans of one text, at all depths, may do together.
type bounds struct {
	budget    int                 // what may still be spent
	rate      int                 // what is added to it for each byte of the text as it was given
	granted   int                 // up to where there it was added
	credited  int                 // up to where what was found was added to it
	advanced  int                 // what was added to it for what was found, and is to be settled
	known     int                 // bytes at the beginning of the text as it was given in which nothing is looked for
	skipped   func(reason string) // is told what was not undone
	told      bool                // that the budget is spent
	toldDepth bool                // that something is wrapped too deep
	loan      int                 // what is lent once to undo a token to its end that is large
	lent      int                 // what was lent
	repaid    bool                // that such a token was found
	// begunLarge says that what is undone has begun as a token that is large, and is one as far as it was undone before.
	begunLarge bool
	heldLarge  bool // the same of what is held back at the end of a text
}

func newBounds(length int, atEOF bool, skipped func(reason string)) *bounds {
	base := max(smallRate*min(length, smallText), leastBase)
	if !atEOF {
		base = min(base, blockBase)
	}
	b := &bounds{budget: taper(base, length), rate: budgetRate, loan: loanFor(length), skipped: skipped}
	if !atEOF && length >= shownAgain {
		b.rate = budgetRate / 2
	}
	b.grant(0, length)
	return b
}

// taper returns what a text of a length is granted of what a small one is, which costs no more than a large one by it.
func taper(base, length int) int {
	share := tapered / float64(max(length, tapered))
	return int(float64(base) * share * share)
}

// newBoundsWithin is newBounds for a part of a text of a length, with what is left of its allowance.
func newBoundsWithin(allowance *detectors.Allowance, fresh, length int, skipped func(reason string)) *bounds {
	if small := min(fresh, smallText-allowance.Seen); small > 0 { // however small the parts are that a text begins with
		base := smallRate * small
		if allowance.Seen == 0 {
			base = max(base, leastBase)
		}
		allowance.Left += taper(base, fresh)
	}
	allowance.Seen += fresh
	return &bounds{budget: min(allowance.Left+budgetRate*fresh, max(mostBudget, mostRate*length)), loan: max(loanFor(length)-allowance.Lent, 0), granted: math.MaxInt, begunLarge: allowance.Begun || allowance.Lent > 0, skipped: skipped}
}

func loanFor(length int) int { return loanRate * min(length, largeText) }

// grant adds to the budget what a place in a text of a length is worth: so what stands at the beginning leaves something for
// what stands at the end.
func (b *bounds) grant(at, length int) {
	if to := min(at+budgetAhead, length); to > b.granted {
		b.budget += b.rate * (to - b.granted)
		b.granted = to
	}
}

// isSpent reports whether the budget is spent, and tells it: whoever asks leaves something undone then.
func (b *bounds) isSpent() bool {
	if b.hasMore() {
		return false
	}
	b.tellSpent()
	return true
}

// hasMore reports whether anything is left to spend, or was lent just now: once, where a large token has begun. What that is worth
// shows only when it is found.
func (b *bounds) hasMore() bool {
	if b.budget <= 0 && b.begunLarge && b.lent == 0 {
		b.budget, b.lent = b.loan, b.loan
	}
	return b.budget > 0
}

// repay adds once to the budget what a large token is worth that was found, so that what else is where it was can be undone, too:
// otherwise it is credited when all of that is.
func (b *bounds) repay(found []detectors.Match) {
	for _, match := range found {
		if b.lent > 0 && !b.repaid && len(match.Token) >= leastLarge && match.Rule != detectors.Detached {
			b.budget, b.repaid = b.budget+worth*min(len(match.Token), largeText), true
		}
	}
}

// left returns what is left of the budget, and how much of what was lent is not.
func (b *bounds) left() (budget, lent int) {
	budget = max(b.budget, 0)
	unspent := min(budget, b.lent)
	return budget - unspent, b.lent - unspent
}

// tellSpent tells once that the budget is spent: what is full of needles has one in every few bytes that asks.
func (b *bounds) tellSpent() {
	if !b.told {
		b.told = true
		b.skipped(reasonExpansion)
	}
}

// tellDepth tells that something is wrapped too deep to be undone.
func (b *bounds) tellDepth() {
	b.toldDepth = true
	b.skipped(reasonDepth)
}

// credit adds to the budget what was found is worth, which is what it takes to find that, and more: who has many tokens is
// no less served. What lies at one place counts once, and each further token there, which is another than the one before, by its own
// length.
func (b *bounds) credit(found []detectors.Match) (value int) {
	for i := range found {
		match := &found[i]
		switch {
		case match.Encodings == nil || match.Rule == detectors.Detached:
		case match.End > b.credited:
			value += worth * min(match.End-max(match.Start, b.credited), expansion*len(match.Token))
			b.credited = match.End
		case i > 0 && match.Token != found[i-1].Token:
			value += worth * len(match.Token)
		}
	}
	b.budget += value
	return value
}

// advance adds to the budget for what was found in what is undone, so that the rest of that can be undone, too, until it is settled what it
// is worth.
func (b *bounds) advance(found []detectors.Match) {
	for i := range found {
		if match := &found[i]; match.Rule != detectors.Detached {
			b.advanced += advanceRate * len(match.Token)
			b.budget += advanceRate * len(match.Token)
		}
	}
}

// settle credits what was found since there was a budget before, and what it took: that was not in vain.
func (b *bounds) settle(found []detectors.Match, before int) {
	b.budget -= b.advanced
	b.advanced = 0
	spent := before - b.budget
	b.budget += max(min(spent, refund*b.credit(found)), 0)
}

// price returns what it costs to undo a piece and to search what comes out.
func (p *piece) price(w wrapping) int {
	price := priceOfPiece + 2*len(p.text)
	switch w {
	case base64Run, hexRun, utf16LE, utf16BE:
		return price
	case brokenLines:
		alike := p.alike * p.alikeWidth
		return price + 2*(len(p.text)-alike) - alike*3/2 - 3*p.long + priceOfBreak*(p.undone-p.alike) + priceOfAlike*p.alike
	default:
		return price + max(p.end-p.start-len(p.text), 0) + priceOfUnit*p.undone
	}
}
