package main

import (
	"crypto/sha256"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/sasl"
)

// A list is a flag that may be given many times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// account reads NAME:PASSWORD. The password may hold colons.
func account(text string) (sasl.Account, bool) {
	name, password, found := strings.Cut(text, ":")
	return sasl.Account{Name: name, Password: sasl.Secret{Text: password}, Stored: sasl.Clear},
		found && name != "" && password != ""
}

// accounts are those given one by one and those of a file, of which each line
// is one; empty lines and those that begin with # are none.
func accounts(users []string, file string) (all []sasl.Account, err error) {
	for _, u := range users {
		a, ok := account(u)
		if !ok {
			return nil, bad("-user wants NAME:PASSWORD, neither of them empty")
		}
		all = append(all, a)
	}
	if file == "" {
		return all, nil
	}
	text, err := readFile(file, maxUsers)
	if err != nil {
		return nil, err
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimRight(line, "\r\n"); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, ok := account(line)
		if !ok {
			return nil, bad("%s: line %d is not NAME:PASSWORD", file, number)
		}
		all = append(all, a)
	}
	return all, nil
}

// tokens are those given, and whose they are. A user who has a token and no
// account gets one without a password.
func tokens(accounts []sasl.Account, given []string) ([]sasl.Account, map[[sha256.Size]byte]string, error) {
	known := map[[sha256.Size]byte]string{}
	for _, text := range given {
		name, token, found := strings.Cut(text, "=")
		if !found || name == "" || !sasl.IsToken(token) {
			return nil, nil, bad("-token wants USER=TOKEN, and in the token letters, digits and -._~+/ alone")
		}
		known[sha256.Sum256([]byte(token))] = name
		if !slices.ContainsFunc(accounts, func(a sasl.Account) bool { return a.Name == name }) {
			accounts = append(accounts, sasl.Account{Name: name, Password: sasl.Secret{Withheld: true}, Stored: sasl.Clear})
		}
	}
	return accounts, known, nil
}
