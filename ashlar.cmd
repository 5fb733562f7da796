@echo off
rem Runs Ashlar's command line: finds a JDK 25, builds on first use, then starts java.
rem   ashlar java ..    runs a program that embeds Ashlar, on the same JVM: a class, or a source file, and its arguments
rem   ASHLAR_JAVA_OPTS  more options for the JVM, for example -Xmx8g
setlocal enabledelayedexpansion
set "ROOT=%~dp0"
set "LIB=%ROOT%dist\target\lib"

set "JDK="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /f "delims=" %%J in ('where java 2^>nul') do if not defined JDK call :consider "%%~dpJ.."
for /d %%D in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do if not defined JDK call :consider "%%~D"
if not defined JDK (
  echo ashlar: no JDK 25 found; install one ^(for example Eclipse Temurin 25^) or set JAVA_HOME to it 1>&2
  exit /b 1
)

if exist "%ROOT%pom.xml" if not exist "%LIB%\.complete" (
  echo ashlar: building ^(once, about a minute^) .. 1>&2
  pushd "%ROOT%"
  call mvn -B -q -DskipTests -pl dist -am package 1>&2
  if errorlevel 1 (
    popd
    echo ashlar: the build failed 1>&2
    exit /b 1
  )
  popd
  type nul > "%LIB%\.complete"
)

set JVM="%JDK%\bin\java" --enable-native-access=ALL-UNNAMED --add-modules=jdk.incubator.vector -XX:+UseSerialGC ^
  %ASHLAR_JAVA_OPTS% -cp "%LIB%\*"
if "%~1"=="java" goto :program
%JVM% dev.ashlar.cli.Main %*
exit /b %errorlevel%

:program
set ARGUMENTS=%*
%JVM% !ARGUMENTS:*java=!
exit /b %errorlevel%

rem Sets JDK if the folder holds a JDK of version 25 or later.
:consider
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do (
  for /f "delims=. tokens=1" %%M in (%%V) do if %%M geq 25 set "JDK=%~1"
)
exit /b 0
