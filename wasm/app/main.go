// The program that runs in the browser.
package main

import (
	"runtime/debug"

	"example.org/smtpauth/web/lab"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

func main() {
	debug.SetGCPercent(400) // the heap is small, and a step waits for the collector
	lab.Register()
	app.RunWhenOnBrowser()
}
