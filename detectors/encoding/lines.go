package encoding

import (
	"bytes"
)

// maxBreak is the most that is read of what stands between two pieces of a token: a line break, what the next line is
// indented with or commented out by, quotes.
const maxBreak = 160

// lineSlack is how much longer than the others a line may be: by padding, escaped.
const lineSlack = 6

// A width is how long a line is.
type width struct {
	bytes int
	chars int // with each escape counted as one
}

func widthOf(line []byte) width {
	w := width{bytes: len(line)}
	for i := 0; i < len(line); w.chars++ {
		if isSign[line[i]] == 0 {
			i++
		} else {
			i += max(escapeAt(line[i:]).size, 1)
		}
	}
	return w
}

// A line is one of those that were joined.
type line struct {
	at    int // where it starts in what they were joined to
	from  int // where it starts in the broken text
	end   int // where it ends in the broken text, counted from its line feed on or from where it starts
	width int // how long it is, without margin and quotes
	stop  int // how long the full stop is that it begins with
	// sure says that what stands in front of it, other than a line break, says that it goes on with the line before.
	sure bool
	// implied says that it is a literal with nothing between it and the one before, but for blanks: it may be another one as well.
	implied bool
	uneven  bool // it is an item of a list, and may have nothing to do with the one before
}

// goesBack reports whether the line before one of a run is of the run too: it is as long, or the last line is shorter.
func goesBack(before, l line, isLast bool) bool {
	return before.width == l.width || before.end == l.end || isLast && before.width > l.width
}

// A joint is what stands between two pieces of a token.
type joint struct {
	end     int  // where the next piece starts, or -1
	literal bool // it is the end of one string literal and the start of another
	implied bool // with nothing between that joins them
	listed  bool // which is the next one of a list
	sure    bool // a backslash right behind the first piece says that it goes on
	more    bool // the text ends inside it
	// uneven is where the next item of a list starts that may be another piece of a token, of another width, or 0.
	uneven int
	// hasPrefix says that both lines begin with a prefix.
	hasPrefix bool
}

// isSolid reports whether a byte can stand in a piece of a broken token, wrapped or not.
func isSolid(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '`' && c != '<' && c != '>'
}

var solids = func() (table [256]bool) {
	for c := range table {
		table[c] = isSolid(byte(c))
	}
	return table
}()

func solidEnd(text []byte, i int) int {
	for ; i+4 <= len(text); i += 4 {
		if part := text[i : i+4 : i+4]; !solids[part[0]] || !solids[part[1]] || !solids[part[2]] || !solids[part[3]] {
			break
		}
	}
	for i < len(text) && solids[text[i]] {
		i++
	}
	return i
}

// lines joins what was broken over lines or over string literals. A fixed-width wrap has lines of one width, the last
// one aside, so a line longer than the second is another matter, and so is all behind a shorter one.
func (p *piece) lines(text []byte, start, limit int) {
	p.name, p.ofLines = nameLineWrap, true
	i, count := start, 0
	var second width   // the first line may have something in front
	var first []byte   // the line that has it
	continued := false // the line before ended with a backslash that says so
	mayHavePrefix := true
	slashed := true                   // or with any: there has to be one at the end of each line that is continued
	isSure, isImplied := false, false // a literal ended with the line before, or it said that it goes on
	isUneven, unevens := false, 0
	for {
		if count > 0 && !mayHavePrefix && !slashed && !continued {
			if count == 1 {
				second = widthOfRun(text, i)
			}
			lines, behind, isDone := p.addAlike(text, i, limit, second)
			i, count, p.undone = behind, count+lines, p.undone+lines
			if second.bytes >= narrowest { // others are so many for what they have that each is worth its price
				p.alike, p.alikeWidth = p.alike+lines, second.bytes
			}
			if isDone {
				return
			}
		}
		end := solidEnd(text, i)
		next := joint{end: -1}
		if end < len(text) {
			next = jointBehind(text, end, marginSign(text, end), mayHavePrefix)
		}
		if next.uneven > 0 && unevens < mostItems && (bytes.IndexByte(p.text, '.') >= 0 || next.isStopped(text, end)) {
			next.end, next.literal, next.listed = next.uneven, true, true
			unevens++
		} else {
			next.uneven = 0
		}
		stop := end
		before := slashed
		slashed = next.end >= 0 && !next.literal && stop > i && text[stop-1] == '\\'
		if slashed && (continued || before && (!isEscape(text[i:stop-1], text[next.end:]) || isContinued(text, next.end))) {
			stop-- // the line is continued
		}
		continued = stop < end
		line := text[i:stop]
		p.addLine(text, i, stop, isSure, isImplied)
		p.lined[len(p.lined)-1].uneven = isUneven
		switch {
		case count == 1:
			second, first = widthOf(line), line
		case count == 2 && isOfSegment(line, first, second):
			second = widthOf(line)
		}
		p.end = max(i, min(stop, i+limit-len(p.text)))
		if p.end-i >= longLine {
			p.long += p.end - i
		}
		if p.text = append(p.text, text[i:p.end]...); len(p.text) >= limit {
			return
		}
		switch {
		case end == len(text) || next.more || next.end < 0 && unevens > 0 && len(text)-end < besideList:
			p.end = len(text)
			return
		case next.end < 0:
			p.whole = true
			return
		}
		if next.literal {
			p.name, p.listed = nameStringConcat, p.listed || next.listed
		}
		atStop := endsWithStop(line) || stopAt(text[min(next.end, len(text)-1):]) > 0
		outdented := count > 0 && !next.literal && isOutdented(text, i, next.end)
		isLonger := !next.literal && !next.sure && !atStop && !lineGoesOn(text, next.end, count, second, line)
		if isLonger || outdented && !atStop {
			if p.whole = true; count > 1 {
				p.anew = i
			}
			if isLonger && !outdented && isOfWidth(line, second) {
				p.addDoubtful(text, next.end, second)
			}
			return
		}
		isUneven, isImplied = next.uneven > 0, next.implied
		isSure = !isUneven && (next.literal || next.sure || continued)
		i, mayHavePrefix = next.end, next.hasPrefix || next.literal
		p.undone++
		if count++; atStop {
			count = 1 // a segment on lines of its own has a width of its own
		}
	}
}

// widthOfRun returns how long the base64 is that begins at i, of a line at most.
func widthOfRun(text []byte, i int) width {
	n := runEnd(text[:min(i+maxBreak, len(text))], i) - i
	return width{bytes: n, chars: n}
}

// addAlike adds lines of a width that begin at i, of base64 characters alone behind one margin, for as long as one that is as they are
// comes behind: whole files consist of nothing else. It returns how many it added, where the next line begins, and whether nothing is
// to be added behind: the limit is reached, or the text ends. All of this [piece.lines] would do, too.
func (p *piece) addAlike(text []byte, i, limit int, w width) (lines, next int, isDone bool) {
	if w.bytes < leastFramed || w.bytes != w.chars {
		return 0, i, false
	}
	margin, ok := marginOfAll(text, i, i+w.bytes)
	if !ok {
		return 0, i, false
	}
	end, more := lineBehind(text, i, w.bytes, margin)
	for more {
		if len(p.text)+w.bytes >= limit {
			p.addLast(text, i, i+w.bytes, limit, len(margin))
			return lines, i, true
		}
		behind, another := lineBehind(text, end, w.bytes, margin)
		isLast := !another && len(text)-end <= w.bytes && end < len(text) && areSextets(text[end:])
		if !another && !isLast || sextets[text[end]] >= 62 { // a sign may begin with it
			break
		}
		p.lined = append(p.lined, line{at: len(p.text), from: i, end: len(margin) + w.bytes, width: w.bytes})
		p.text = append(p.text, text[i:i+w.bytes]...)
		lines++
		if i = end; isLast {
			p.addLast(text, i, len(text), limit, len(margin))
			return lines, i, true
		}
		end = behind
	}
	return lines, i, false
}

// addLast adds the line text[i:end] behind a margin, as far as the limit allows.
func (p *piece) addLast(text []byte, i, end, limit, margin int) {
	p.lined = append(p.lined, line{at: len(p.text), from: i, end: margin + end - i, width: end - i})
	p.end = min(end, i+limit-len(p.text))
	p.text = append(p.text, text[i:p.end]...)
}

// lineBehind returns where the line behind the one goes on that begins at i, if that is of base64 characters and has a width, and the
// other has the margin.
func lineBehind(text []byte, i, width int, margin []byte) (next int, ok bool) {
	end := i + width
	if end+len("\r\n") > len(text) || text[end] != '\n' && (text[end] != '\r' || text[end+1] != '\n') {
		return i, false
	}
	if !areSextets(text[i:end]) {
		return i, false
	}
	if text[end] == '\r' {
		end++
	}
	end++
	return end + len(margin), bytes.HasPrefix(text[end:], margin)
}

// addLine notes that the line text[i:end] comes next.
func (p *piece) addLine(text []byte, i, end int, isSure, isImplied bool) {
	first := i
	if len(p.lined) == 0 {
		for first > 0 && i-first < maxBreak && isSolid(text[first-1]) {
			first--
		}
	}
	front := max(first-maxBreak, 0)
	margin := first - front - 1 - bytes.LastIndexByte(text[front:first], '\n')
	p.lined = append(p.lined, line{at: len(p.text), from: i, end: margin + end - first, width: end - first, stop: stopAt(text[i:end]), sure: isSure, implied: isImplied})
}

// lineGoesOn reports whether the line at i can continue the ones before it, of which the last is given.
// What it adds in error to a whole token is cut off again: a signature's length is known.
func lineGoesOn(text []byte, i, count int, second width, last []byte) bool {
	if count == 0 {
		return true
	}
	if !isOfWidth(last, second) {
		return false
	}
	most := second.bytes + lineSlack
	next := text[i:solidEnd(text[:min(i+maxEntity*most, len(text))], i)]
	next = next[:beforeParameter(next)]
	next = next[:beforeSign(next)]
	return len(next) <= most || widthOf(next).chars <= second.chars+lineSlack
}

func isOfWidth(line []byte, w width) bool {
	return len(line) == w.bytes || widthOf(line).chars == w.chars
}
