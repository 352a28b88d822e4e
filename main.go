// Command jwtleak finds leaked JSON Web Tokens.
package main

func main() {}
