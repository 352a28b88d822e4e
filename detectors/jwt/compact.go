package jwt

import "github.com/jwtleak/jwtleak/detectors"

// segment returns the end of the base64 characters that start at i and of the padding behind them.
func segment(text []byte, i int) (end, next int) {
	end = runEnd(text, i)
	return end, pastPadding(text, end)
}

// paddedEnd returns the end of a last segment of n characters: behind the padding if it is what n asks for.
func paddedEnd(n, end, after int) int {
	if (n+after-end)%4 == 0 {
		return after
	}
	return end
}

// A compact is a token being put together.
type compact struct {
	text   []byte
	bounds [5][2]int // of its segments
	count  int
}

// add adds the segment text[from:to].
func (c *compact) add(from, to int) {
	c.bounds[c.count] = [2]int{from, to}
	c.count++
}

func (c *compact) start() int { return c.bounds[0][0] }

// fits reports whether a token that ends at end is not too long.
func (c *compact) fits(end int) bool { return end-c.start() <= detectors.MaxHeld }

// match is without the token, which is made of what is kept alone.
func (c *compact) match(rule detectors.Rule) detectors.Match {
	return detectors.Match{Rule: rule, Start: c.start(), End: c.bounds[c.count-1][1]}
}

// token returns the canonical token.
func (c *compact) token() string {
	end := c.bounds[c.count-1][1]
	if written := c.text[c.start():end]; !hasAny(written, "=+/") {
		return string(written)
	}
	token := make([]byte, 0, end-c.start())
	for i, segment := range c.bounds[:c.count] {
		if i > 0 {
			token = append(token, '.')
		}
		token = appendCanonical(token, c.text[segment[0]:segment[1]])
	}
	return string(token)
}
