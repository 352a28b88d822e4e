package jwt

import (
	"bytes"
	"slices"
	"strings"
)

// A printing is members that are printed one after the other, of one serialization or of several that are printed alike with nothing
// to tell them apart by but their order. What tells them apart is looked for in what stands between: one object ends and another
// begins, or it is not what stands between others. So no token is made of the members of two serializations.
type printing struct {
	text   []byte
	list   []printedMember
	groups []group
	within []int // which group each is in
	single int   // how many are in the group that the last is in, one after the other
	gap    gap   // what stands between the last two of these
	repeat bool  // a name of the group was met again
}

// A group is the members that are directly in one object.
type group struct {
	parent   int  // the group that it is in, or -1
	isSigned bool // it is one of the signatures or recipients of its parent
	isItem   bool // it is one of a list in lines, whose end nothing but their indentation tells
}

// isRepeated reports whether the general form has one for each of those who signed, or are to read it.
func (m printedMember) isRepeated() bool {
	return m.member == protectedMember || m.member == signatureMember || m.member == keyMember
}

// before returns the members that precede one, the nearest first, which are of its serialization as far as names and objects go.
func (p *printing) before(this printedMember, from int) (list []printedMember) {
	var met [members]bool
	met[this.member] = true
	for m := previous(p.text, from, this.name); m.member != noMember && !met[m.member]; m = previous(p.text, from, m.name) {
		if g := gapBetween(p.text, m, this); g.closes > 0 && g.opens > 0 {
			break
		}
		list, this = append(list, m), m
		met[m.member] = true
	}
	return list
}

// end returns where the last of them ends.
func (p *printing) end() int { return p.list[len(p.list)-1].end }

// add adds the next member, if it is of the same serialization, and reports whether it is.
func (p *printing) add(m printedMember) bool {
	if m.member == noMember || len(p.list) == mostMembers {
		return false
	}
	if len(p.list) == 0 {
		p.enter(m, group{parent: -1})
		return true
	}
	last := len(p.list) - 1
	g := gapBetween(p.text, p.list[last], m)
	if onLine(valueTie(p.text[nameEnd(p.text, p.list[last].name):p.list[last].start])) != onLine(g.value) {
		return false
	}
	current := p.within[last]
	switch {
	case g.isItem && g.isNamed && !p.groups[current].isSigned, g.opens == 2 && g.closes == 0 && g.isNamed:
		p.enter(m, group{current, true, g.isItem})
	case g.isItem, g.opens == 1 && g.closes == 1:
		if !m.isRepeated() || !p.isSigner(current) {
			return false
		}
		p.enter(m, group{p.outer(current), true, g.isItem})
	case g.opens > 0, g.closes == 1, g.closes > 2:
		return false
	case g.closes > 0, p.groups[current].isItem && !m.isRepeated() && isOutdented(p.text, p.list[last], m):
		if m.isRepeated() && m.member != protectedMember {
			return false
		}
		p.join(m, p.outer(current))
		p.single = 1
	default:
		return p.beside(m, g)
	}
	return true
}

// isOutdented reports whether a line begins further to the left than the one before, where nothing else tells that a list has ended.
func isOutdented(text []byte, a, b printedMember) bool {
	indent := func(i int) int {
		start := bytes.LastIndexByte(text[:i], '\n') + 1
		return i - start
	}
	return bytes.IndexByte(text[a.end:b.name], '\n') >= 0 && indent(b.name) < indent(a.name)
}

// outer returns the group that one is in.
func (p *printing) outer(of int) int {
	if p.groups[of].parent < 0 {
		p.groups = append(p.groups, group{parent: -1})
		p.groups[of] = group{len(p.groups) - 1, true, false}
	}
	return p.groups[of].parent
}

// enter adds a member of a group that begins with it.
func (p *printing) enter(m printedMember, g group) {
	p.groups = append(p.groups, g)
	p.join(m, len(p.groups)-1)
	p.single = 1
}

// join adds a member of a group.
func (p *printing) join(m printedMember, group int) {
	p.list, p.within = append(p.list, m), append(p.within, group)
	p.single++
}

// beside adds a member that is in the same group as the last one. Where more stands between the two in front than between others,
// these are of two serializations.
func (p *printing) beside(m printedMember, g gap) bool {
	last := len(p.list) - 1
	if g.isForeign {
		return false
	}
	if p.single > 1 && !g.isLike(&p.gap) {
		if p.single > 2 || len(p.list) > p.single || p.gap.size <= g.size {
			return false
		}
		last = p.leave(last)
	}
	current := p.within[last]
	if isRepeated := p.countIn(current, m.member) > 0; isRepeated && !p.repeat && p.isWhole(p.list) && p.list[last].isLast() {
		return false // it begins the next
	} else if isRepeated {
		p.repeat = true
	}
	p.gap = g
	p.join(m, current)
	return true
}

// leave leaves out the members in front of one, and returns where that is then.
func (p *printing) leave(first int) int {
	p.list, p.within, p.single = slices.Clone(p.list[first:]), slices.Clone(p.within[first:]), 1
	return 0
}

// isSigner reports whether the members of a group are those that the general form has for each who signed, or is to read it.
func (p *printing) isSigner(group int) bool {
	if p.countIn(group, payloadMember)+p.countIn(group, ciphertextMember) > 0 {
		return false
	}
	return p.countIn(group, keyMember) > 0 || p.countIn(group, protectedMember) > 0 && p.countIn(group, signatureMember) > 0
}

// countIn returns how many members of a name are in a group.
func (p *printing) countIn(group int, of member) (count int) {
	for i, m := range p.list {
		if m.member == of && p.within[i] == group {
			count++
		}
	}
	return count
}

// isDone reports whether nothing can come of what follows: names are repeated, and not in the same order or not all that there have to be.
func (p *printing) isDone() bool {
	if !p.repeat {
		return false
	}
	period := p.period()
	return period == 0 || !p.isWhole(p.list[:period])
}

// isLast reports whether a member mostly is the last one.
func (m printedMember) isLast() bool { return m.member == signatureMember || m.member == tagMember }

// period returns after how many members the same follow again, or 0.
func (p *printing) period() int {
	period := 1
	for period < len(p.list) && p.list[period].member != p.list[0].member {
		period++
	}
	for i, m := range p.list {
		if m.member != p.list[i%period].member || p.within[i] != p.within[0] {
			return 0
		}
	}
	var met [members]bool
	for _, m := range p.list[:period] {
		if met[m.member] {
			return 0
		}
		met[m.member] = true
	}
	return period
}

// isWhole reports whether members make a token.
func (p *printing) isWhole(list []printedMember) bool {
	has := func(of member) bool {
		return slices.ContainsFunc(list, func(m printedMember) bool { return m.member == of })
	}
	return has(protectedMember) && (has(payloadMember) && has(signatureMember) || has(vectorMember) && has(ciphertextMember) && has(tagMember))
}

// compacts returns the tokens that the members make, in order, and where the last of what they are made of ends.
func (p *printing) compacts() (all []string, end int) {
	if !p.repeat {
		for i := range p.groups {
			all = append(all, p.ofGroup(i)...)
		}
		return all, p.end()
	}
	period := p.period()
	if period == 0 || !p.isWhole(p.list[:period]) {
		return nil, p.end()
	}
	first := 0
	if len(p.list)%period != 0 || len(p.list) == mostMembers { // the text may begin or end within one
		first = slices.IndexFunc(p.list, printedMember.isLast) + 1
		first %= period
	}
	for ; first+period <= len(p.list); first += period {
		all = append(all, p.flattened(p.list[first:first+period])...)
		end = p.list[first+period-1].end
	}
	return all, end
}

// flattened returns the token of members each of which stands once.
func (p *printing) flattened(list []printedMember) []string {
	one := printing{text: p.text, list: list, groups: []group{{parent: -1}}, within: make([]int, len(list))}
	return one.ofGroup(0)
}

// isCut reports whether the value of a member ends with the text, or with what stands in place of its rest: nothing else tells whether
// a ciphertext, a key or a vector is whole.
func (p *printing) isCut(m printedMember) bool {
	end := pastPadding(p.text, m.end)
	switch rest := p.text[end:]; {
	case m.member != ciphertextMember && m.member != keyMember && m.member != vectorMember:
		return false
	case len(rest) == 0:
		return true
	case rest[0] == '<':
		return !bytes.HasPrefix(rest, []byte("</"))
	default:
		return bytes.IndexByte([]byte(" \t\r\n\"'`,;&|)]}/>\\"), rest[0]) < 0
	}
}

// value returns that of a member of a group, if it has one such that is whole.
func (p *printing) value(group int, of member) (value string, ok bool) {
	for i, m := range p.list {
		if m.member == of && p.within[i] == group && !p.isCut(m) {
			value, ok = string(p.text[m.start:m.end]), true
		}
	}
	return value, ok
}

// ofGroup returns the tokens that are made of the members of a group, and of what those have that it is in or that are in it.
func (p *printing) ofGroup(of int) []string {
	header, ok := p.value(of, protectedMember)
	if !ok {
		return nil
	}
	if ciphertext, ok := p.value(of, ciphertextMember); ok {
		return p.encrypted(of, header, ciphertext)
	}
	signature, ok := p.value(of, signatureMember)
	if !ok || !isSize(len(signature)) {
		return nil
	}
	payload, ok := p.value(of, payloadMember)
	if !ok && p.groups[of].parent >= 0 {
		payload, ok = p.value(p.groups[of].parent, payloadMember)
	}
	if !ok {
		return nil
	}
	return []string{header + "." + payload + "." + signature}
}

// encrypted returns the JWE of a group, one for each recipient.
func (p *printing) encrypted(of int, header, ciphertext string) (all []string) {
	vector, hasVector := p.value(of, vectorMember)
	tag, hasTag := p.value(of, tagMember)
	if !hasVector || !hasTag || !isTagSize(len(tag)) {
		return nil
	}
	var keys []string
	for i, m := range p.list {
		if m.member == keyMember && (p.within[i] == of || p.groups[p.within[i]].parent == of) && !p.isCut(m) {
			keys = append(keys, string(p.text[m.start:m.end]))
		}
	}
	switch {
	case len(keys) > 0:
	case needsNoKey(header):
		keys = []string{""}
	default:
		return nil // the key is elsewhere: without it this is another token
	}
	for _, key := range keys {
		all = append(all, strings.Join([]string{header, key, vector, ciphertext, tag}, "."))
	}
	return all
}
