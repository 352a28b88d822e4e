// Package encoding finds tokens in whatever they are wrapped in: base64, percent-encoding, escapes, UTF-16, broken lines.
package encoding
