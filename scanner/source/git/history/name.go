package history

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

// A Name is an object's name: the SHA-1 or SHA-256 of the object.
type Name struct {
	raw  [32]byte
	size uint8
}

// NameOf returns the name whose raw bytes these are, 20 or 32 of them.
func NameOf(raw []byte) Name {
	var n Name
	n.size = uint8(copy(n.raw[:], raw))
	return n
}

// ParseName returns the name that the hex digits are, 40 or 64 of them.
func ParseName(digits string) (Name, error) {
	if len(digits) != 40 && len(digits) != 64 {
		return Name{}, fmt.Errorf("an object's name has 40 or 64 digits, not %d", len(digits))
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return Name{}, fmt.Errorf("parse an object's name: %w", err)
	}
	return NameOf(raw), nil
}

// Bytes returns the raw bytes of the name.
func (n Name) Bytes() []byte { return n.raw[:n.size] }

// Compare compares the raw bytes of names. It allocates nothing, which Bytes does.
func (n Name) Compare(other Name) int { return bytes.Compare(n.raw[:n.size], other.raw[:other.size]) }

// String returns the name in hex.
func (n Name) String() string { return hex.EncodeToString(n.raw[:n.size]) }
