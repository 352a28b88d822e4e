package triage

// A dictionary says what is known of each of a fixed list of words. It is asked of every claim, scope and address of every
// token, of which most are not in it: a lookup reads four bytes of the word and one place of a small table, where a switch
// goes through comparisons that no processor foresees.
type dictionary[V any] struct {
	wordIndex
	about []V // of each of the words
}

type wordList[V any] struct {
	about V
	words []string
}

// newDictionary makes one of lists of words, each with what is known of all its words. A word may stand in one list alone.
func newDictionary[V any](lists ...wordList[V]) *dictionary[V] {
	d := &dictionary[V]{about: make([]V, 1)}
	words := make([]string, 1)
	for _, list := range lists {
		for _, word := range list.words {
			words, d.about = append(words, word), append(d.about, list.about)
		}
	}
	d.wordIndex = newWordIndex(words)
	return d
}

// find returns what is known of a word, or the zero value where it is not in the dictionary.
func (d *dictionary[V]) find(word string) V { return d.about[d.number(word)] }

// A wordIndex numbers words.
type wordIndex struct {
	words  []string // by number; 0 is no word
	places []uint16 // the numbers, where placeOf or a place behind it says; as many as a power of two
}

func newWordIndex(words []string) wordIndex {
	size := 16
	for size < 8*len(words) { // so that few words share a place
		size *= 2
	}
	x := wordIndex{words, make([]uint16, size)}
	for number, word := range words[1:] {
		at := x.placeOf(word)
		for x.places[at] != 0 {
			at = x.next(at)
		}
		x.places[at] = uint16(number + 1)
	}
	return x
}

// number returns the number of a word, 0 where it is none of them.
func (x *wordIndex) number(word string) int {
	if word == "" {
		return 0
	}
	for at := x.placeOf(word); ; at = x.next(at) {
		number := int(x.places[at])
		if number == 0 || x.words[number] == word {
			return number
		}
	}
}

// placeOf returns where to look for a word that is not empty: its length and four of its bytes say. Whoever makes words
// that meet there gains nothing, since no index grows.
func (x *wordIndex) placeOf(word string) int {
	n := len(word)
	mixed := uint32(n)<<24 ^ uint32(word[0]) ^ uint32(word[n/3])<<6 ^ uint32(word[n-1-n/3])<<12 ^ uint32(word[n-1])<<18
	return int(mixed*2_654_435_769>>8) & (len(x.places) - 1)
}

func (x *wordIndex) next(at int) int { return (at + 1) & (len(x.places) - 1) }
