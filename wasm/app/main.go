// The program that runs in the browser.
package main

import (
	"example.org/smtpauth/web/lab"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

func main() {
	lab.Register()
	app.RunWhenOnBrowser()
}
