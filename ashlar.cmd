@echo off
rem Runs Ashlar's command line: finds a JDK 25, builds on first use, then runs java.
rem   ashlar java ..    runs a program that embeds Ashlar, on the same JVM: a class, or a source file, and its arguments
rem   ASHLAR_JAVA_OPTS  more options for the JVM, for example -Xmx8g
rem Without delayed expansion, so that an exclamation mark in an argument or a path stays.
setlocal enableextensions disabledelayedexpansion
set "ROOT=%~dp0"
set "LIB=%ROOT%dist\target\lib"

set "JDK="
if defined JAVA_HOME call :consider "%JAVA_HOME:"=%"
for /f "delims=" %%J in ('where $PATH:java 2^>nul') do call :consider "%%~dpJ.."
for /d %%D in (
  "%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*"
  "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\BellSoft\*"
  "%LOCALAPPDATA%\Programs\Eclipse Adoptium\*" "%USERPROFILE%\.jdks\*"
) do call :consider "%%~D"
if not defined JDK (
  >&2 echo ashlar: no JDK 25 found; install one ^(for example Eclipse Temurin 25^) or set JAVA_HOME to it
  exit /b 1
)

rem Kernels are bytecode over the Vector API here: machine code needs Linux.
set "OPTIONS=--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xlog:disable -Dguice_bytecode_gen_option=DISABLED --add-modules=jdk.incubator.vector"

if not exist "%ROOT%pom.xml" goto :run
call :stale
if not errorlevel 1 goto :run
call :build
if errorlevel 1 exit /b 1

:run
rem The window's width: tables are made to fit. What "mode con" tells is in the user's language, so its fifth line
rem counts: the columns. It asks the console itself, and so the program must find out whether that is where lines go.
set "WIDTH="
for /f "skip=4 tokens=2 delims=:" %%W in ('mode con 2^>nul') do if not defined WIDTH set "WIDTH=%%W"
if defined WIDTH set "OPTIONS=%OPTIONS% -Dashlar.columns=%WIDTH: =%"
set "AHEAD="
if exist "%LIB%\ashlar.aot" set AHEAD="-XX:AOTCache=%LIB%\ashlar.aot"
if "%~1"=="java" goto :program
"%JDK%\bin\java.exe" %OPTIONS% %AHEAD% %ASHLAR_JAVA_OPTS% -cp "%LIB%\*" dev.ashlar.cli.Main %*
exit /b %errorlevel%

:program
set ARGUMENTS=%*
"%JDK%\bin\java.exe" %OPTIONS% %AHEAD% %ASHLAR_JAVA_OPTS% -cp "%LIB%\*" %ARGUMENTS:*java=%
exit /b %errorlevel%

rem Sets JDK, if it is not set yet, to the folder, if that holds a JDK of version 25 or later. A JDK says its version in
rem a file, JAVA_VERSION="25.0.1", so that none has to be started to ask.
:consider
if defined JDK exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==" %%V in ('findstr /b /c:"JAVA_VERSION=" "%~1\release"') do (
  for /f "tokens=1 delims=.-+_" %%M in ("%%~V") do if %%M geq 25 set "JDK=%~f1"
)
exit /b 0

rem 1 if there is nothing to run, or if a source is newer than what there is; 0 too if PowerShell, which can compare
rem times to the second, is not there to look.
:stale
if not exist "%LIB%\.complete" exit /b 1
set "LOOK=$made = [IO.File]::GetLastWriteTimeUtc($env:LIB + '\.complete');"
set "LOOK=%LOOK% function look($folder) {"
set "LOOK=%LOOK%  foreach ($f in [IO.Directory]::GetFiles($folder)) {"
set "LOOK=%LOOK%   if ($f -match '\.java$|\\pom\.xml$|\\src\\main\\resources\\' -and"
set "LOOK=%LOOK%     [IO.File]::GetLastWriteTimeUtc($f) -gt $made) { exit 3 } };"
set "LOOK=%LOOK%  foreach ($d in [IO.Directory]::GetDirectories($folder)) {"
set "LOOK=%LOOK%   if ($d -notmatch '\\target$|\\\.git$|\\src\\test$' -and $d -ne $env:ROOT + 'examples') { look $d } } };"
powershell -NoProfile -NonInteractive -Command "%LOOK% look $env:ROOT; exit 0" <nul >nul 2>nul
if errorlevel 3 if not errorlevel 4 exit /b 1
exit /b 0

:build
where $PATH:mvn >nul 2>nul
if errorlevel 1 (
  >&2 echo ashlar: not built yet, and there is no mvn on the path to build with; install Maven 3.8 or later
  exit /b 1
)
>&2 echo ashlar: building ^(once, about a minute^) ..
set "LOG=%ROOT%dist\target\build.log"
if not exist "%ROOT%dist\target" mkdir "%ROOT%dist\target"
pushd "%ROOT%"
call mvn -B -q -DskipTests -pl dist -am package >"%LOG%" 2>&1
if errorlevel 1 (
  popd
  >&2 type "%LOG%"
  >&2 echo ashlar: the build failed; the log is in "%LOG%"
  exit /b 1
)
popd
rem Classes that a cache could not keep, brought into a form that it can.
"%JDK%\bin\java.exe" "%ROOT%dist\src\build\Modernize.java" "%LIB%" picocli >>"%LOG%" 2>&1
rem Classes loaded and linked ahead of time, as a short training run needs them: a start takes half as long.
if exist "%LIB%\ashlar.aot" del "%LIB%\ashlar.aot"
"%JDK%\bin\java.exe" %OPTIONS% "-XX:AOTCacheOutput=%LIB%\ashlar.aot" -cp "%LIB%\*" dev.ashlar.cli.Main ^
  train "%ROOT%examples\digits.yaml" --set train.epochs=2 --out "%ROOT%dist\target\first-run" >>"%LOG%" 2>&1
if %errorlevel% neq 0 if exist "%LIB%\ashlar.aot" del "%LIB%\ashlar.aot"
if not exist "%LIB%\ashlar.aot" >&2 echo ashlar: no cache of classes could be made, starts take about a second longer; the log is in "%LOG%"
type nul >"%LIB%\.complete"
exit /b 0
