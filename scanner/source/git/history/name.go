package history

import "encoding/hex"

// A Name is an object's name.
type Name struct {
	b [32]byte
	n uint8
}

func (n Name) Bytes() []byte  { return n.b[:n.n] }
func (n Name) String() string { return hex.EncodeToString(n.b[:n.n]) }
func NameOf(b []byte) Name {
	var n Name
	n.n = uint8(copy(n.b[:], b))
	return n
}

func ParseName(s string) (Name, error) {
	b, err := hex.DecodeString(s)
	return NameOf(b), err
}
