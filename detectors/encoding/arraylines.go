package encoding

import "bytes"

// A notebook has the text of a cell as an array of strings, one for each of its lines, line feed and all. What is escaped in one of them
// goes on in the next: to undo it is to put the lines together.

// mostArrayLine is how many bytes a string of such an array has at most, for the one in front to go on in it.
const mostArrayLine = 64 << 10

// longestSign is how many bytes a sign has at most that is the margin of a line.
const longestSign = len(escapedQuotation)

// arrayUnit reads what stands between a string that is a line of a text, which ends with the quote at i, and the next one of its array.
func arrayUnit(text []byte, i int) escape {
	window := text[:min(len(text), i+maxBreak)]
	k := pastBetween(window, i+1)
	if k < len(window) && window[k] == ',' {
		k = pastBetween(window, k+1)
		if k < len(window) && window[k] == '"' {
			return arrayLine(text, i, k+1)
		}
	}
	if k == len(text) {
		return escape{size: textEnds}
	}
	return escape{}
}

// arrayLine is the unit of what stands between i and the string that begins at next, if that is one of an array and no member's name.
func arrayLine(text []byte, i, next int) escape {
	end := next + stringLength(text[next:min(len(text), next+mostArrayLine)])
	if end == len(text) {
		return escape{size: textEnds}
	}
	window := text[:min(len(text), end+maxBreak)]
	switch behind := pastBetween(window, end+1); {
	case text[end] != '"':
		return escape{}
	case behind == len(text):
		return escape{size: textEnds}
	case behind == len(window) || window[behind] != ',' && window[behind] != ']':
		return escape{}
	}
	return escape{size: next - i, undone: true}
}

// stringLength returns how far from the beginning of text the quote is that ends the string it is in, or the length of text.
func stringLength(text []byte) int {
	for end := 0; ; end++ {
		length := bytes.IndexByte(text[end:], '"')
		if length < 0 {
			return len(text)
		}
		end += length
		if end == 0 || text[end-1] != '\\' || (end-rowStart(text, end-1))%2 == 0 {
			return end
		}
	}
}

// arrayLineBefore returns where the string of an array ends that goes on in the one which begins at i, behind its quote, or -1: in front of
// its own quote.
func arrayLineBefore(text []byte, i int) int {
	front := text[max(i-1-maxBreak, 0) : i-1]
	trimmed := bytes.TrimRight(front, " \t\r\n")
	if feed := bytes.LastIndexByte(trimmed, '\n'); feed >= 0 && len(trimmed)-feed <= longestSign+1 {
		trimmed = bytes.TrimRight(trimmed[:feed], " \t\r\n") // a margin
	}
	trimmed = bytes.TrimRight(bytes.TrimSuffix(trimmed, []byte(",")), " \t\r\n")
	if !bytes.HasSuffix(trimmed, []byte(`\n"`)) {
		return -1
	}
	return i - 1 - len(front) + len(trimmed) - 1
}

// pastBetween returns where what begins at i and says nothing in JSON ends: white space, and the margins of lines.
func pastBetween(text []byte, i int) int {
	for i < len(text) && isBlank(text[i]) {
		if i++; text[i-1] == '\n' {
			line := text[i:min(len(text), i+maxBreak)]
			i += max(pastPatch(line), pastMargin(line, "#"))
		}
	}
	return i
}
