// Package jwt knows what a JSON Web Token looks like and what it says.
package jwt
