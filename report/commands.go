package report

import "strings"

// A passage is a part of advice: prose, or one command to be copied.
type passage struct {
	text    string
	command bool
}

// passages tells the commands in advice from the prose around them. A command begins with the name of a program, has an
// argument at least, and ends with the word behind which a sign stands that ends a part of a sentence.
func passages(text string) []passage {
	var list []passage
	words := strings.Fields(text)
	begin := 0
	prose := func(end int) {
		if begin < end {
			list = append(list, passage{text: strings.Join(words[begin:end], " ")})
		}
	}
	for i := 0; i < len(words); {
		length := commandLength(words[i:])
		if length == 0 {
			i++
			continue
		}
		prose(i)
		list = append(list, passage{text: strings.TrimRight(strings.Join(words[i:i+length], " "), ".,;)"), command: true})
		i += length
		begin = i
	}
	prose(len(words))
	return list
}

// commandLength returns how many of the words are a command that begins with the first, 0 where it begins none.
func commandLength(words []string) int {
	if !isProgram(words[0]) {
		return 0
	}
	for i, word := range words[1:] {
		switch {
		case word[0] == '(' && i == 0:
			return 0
		case word[0] == '(':
			return i + 1
		case strings.IndexByte(".,;)", word[len(word)-1]) >= 0:
			return i + 2
		}
	}
	if len(words) == 1 {
		return 0
	}
	return len(words)
}

// isProgram reports whether advice has commands that begin with that word.
func isProgram(word string) bool {
	switch word {
	case "kubectl", "vault", "nomad", "argocd", "spire-server", "aws", "gcloud", "az", "kcadm.sh", "op", "turso", "stream-cli",
		"rekor-cli", "ably", "Update-AdfsCertificate", "ALTER":
		return true
	}
	return false
}

// advice returns advice in lines of at most so many columns, each command on a line of its own, so that it can be copied. One
// that is too long is continued as shells have it, and no word of it is broken.
func (c columns) advice(text string, width int) []string {
	const before = "  "
	var lines []string
	for _, part := range passages(text) {
		if !part.command {
			lines = append(lines, c.wrapped(part.text, width)...)
			continue
		}
		line := before
		for i, word := range strings.Fields(part.text) {
			const continued = ` \`
			switch {
			case i == 0:
				line += word
			case c.width(before+part.text) > width && c.width(line)+1+c.width(word)+len(continued) > width:
				lines = append(lines, line+continued)
				line = before + before + word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}
