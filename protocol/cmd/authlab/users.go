package main

import (
	"os"
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
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, badInput{err}
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
