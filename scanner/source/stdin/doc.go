// Package stdin is standard input as a source, or another stream: one text, read as it comes.
//
// A stream may be one that is being written: the source can be canceled while nothing comes, and says when nothing has
// come for a while, so that what is held back in the hope of more can be told.
//
// Where standard input is redirected from a regular file it is read as one, from where it stands.
package stdin
