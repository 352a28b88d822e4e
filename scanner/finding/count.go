package finding

import "fmt"

// CountOf says how many there are of something, in the words of a Problem.
func CountOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
