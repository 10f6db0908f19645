package view

import (
	"fmt"
	"strings"

	"example.org/smtpauth/protocol/scenario"
)

// Find returns the scenarios that have every word of a query: in their reply
// codes, mechanisms, ports and names, or in what words says of them.
func Find(query string, words func(scenario.Scenario) string) []scenario.Scenario {
	wanted := strings.Fields(strings.ToLower(query))
	var found []scenario.Scenario
	for _, s := range scenario.All {
		text := strings.ToLower(facts(s) + " " + words(s))
		all := true
		for _, w := range wanted {
			all = all && strings.Contains(text, w)
		}
		if all {
			found = append(found, s)
		}
	}
	return found
}

// facts are what a scenario can be found by in any language.
func facts(s scenario.Scenario) string {
	setup := s.Setup()
	return fmt.Sprint(s.ID, s.Codes, setup.Client.Mechanisms, " ", setup.Server.Role, " ", setup.Server.Role.Port(), " ", setup.Client.TLS)
}
