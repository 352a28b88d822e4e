//go:build !amd64

package inflate

func hasFast() bool { return false }

func (d *Decoder) fast(literals, distances *table) (ended bool, err error) {
	return d.fastPlain(literals, distances)
}
