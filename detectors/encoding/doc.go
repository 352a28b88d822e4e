// Package encoding undoes the wrappings around a token.
package encoding
