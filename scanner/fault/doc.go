// Package fault contains panics. What reads foreign bytes is faulty where it panics on some of them: that is to cost the text or
// object that they are, and to be told, and no other is to go unread for it.
//
// Confine and Contain stand where something is read that may be lost alone. On a goroutine where nobody can say what a panic
// costs, a Group brings it to whoever waits for that goroutine. Catch is for what looks at a file that is mapped, where a panic may be the
// file's.
package fault
